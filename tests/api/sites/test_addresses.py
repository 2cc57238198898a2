"""What an address names: texts that a database can hold, and numbers that a version can have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from daemons.api.sites.addresses import path_text, version_number
from shared.domain.errors import NotFound


@given(st.integers(1, 10**15 - 1))
def test_a_number_is_read(number: int) -> None:
    assert version_number(str(number)) == number


@pytest.mark.parametrize("text", ["", "0", "00", "-1", "+1", "1.0", " 1", "x", "٣", "²", "1" * 16])
def test_what_is_no_number_names_nothing(text: str) -> None:
    with pytest.raises(NotFound, match="There is no version"):
        version_number(text)


def test_a_long_text_is_not_repeated() -> None:
    with pytest.raises(NotFound) as error:
        version_number("x" * 1000)
    assert len(error.value.detail) < 60


def test_an_address_that_no_database_could_hold_names_nothing() -> None:
    request = Request({"type": "http", "path_params": {"site": "bakery", "job": "a\0b"}})
    assert path_text(request, "site") == "bakery"
    with pytest.raises(NotFound, match="nothing at this address"):
        path_text(request, "job")
