"""A setting is a variable, or a secret in a file; an address that can't be one is refused by name."""

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.runtime.settings import Address, Addresses, CliSettings


def test_a_setting_is_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEWRIGHT_URL", "http://a.example")
    monkeypatch.setenv("PAGEWRIGHT_TOKEN", "secret")
    settings = CliSettings()
    assert settings.url == "http://a.example"
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("address", ["unix:/run/a.sock", "127.0.0.1:80", "host.example:8000"])
def test_an_address_is_a_socket_or_a_port(address: str) -> None:
    assert TypeAdapter(Address).validate_python(address) == address


@pytest.mark.parametrize("address", ["", "unix:relative", "host", "host:", "http://host:80", "host:123456"])
def test_anything_else_is_none(address: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Address).validate_python(address)


def test_addresses_are_separated_by_spaces() -> None:
    several: TypeAdapter[tuple[str, ...]] = TypeAdapter(Addresses)
    assert several.validate_python(" a:1  unix:/b ") == ("a:1", "unix:/b")
    with pytest.raises(ValidationError, match="'b' is neither"):
        several.validate_python("a:1 b")
    with pytest.raises(ValidationError, match="names no address"):
        several.validate_python(" ")
