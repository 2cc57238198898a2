"""What a request says becomes checked values, or a sentence that names what is wrong."""

from collections.abc import Callable

import pytest
from starlette.requests import Request

from daemons.storage import inputs
from shared.domain.errors import InvalidInput


def request(query: str = "", headers: dict[str, str] | None = None, **parts: str) -> Request:
    pairs = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return Request({"type": "http", "headers": pairs, "query_string": query.encode(), "path_params": parts})


def test_what_is_left_out_has_a_default() -> None:
    assert inputs.page_window(request()) == (None, 100)
    assert inputs.wait_seconds(request()) == 0
    assert inputs.expected_header(request()) is None
    assert inputs.promised_size(request()) is None


def test_what_is_said_is_read() -> None:
    assert inputs.page_window(request("before=7&limit=3")) == (7, 3)
    assert inputs.expected_header(request(headers={"expected": "0"})) == 0
    assert inputs.path_part(request(site="corner-bakery"), "site") == "corner-bakery"


@pytest.mark.parametrize(
    ("read", "told"),
    [
        (lambda: inputs.path_part(request(site="../etc"), "site"), "The site in the address"),
        (lambda: inputs.path_part(request(sha256="0" * 63), "sha256"), "The sha256 in the address"),
        (lambda: inputs.path_number(request(number="0")), "The version number in the address"),
        (lambda: inputs.fence_header(request()), "The header Fence"),
        (lambda: inputs.expected_header(request(headers={"expected": "-1"})), "The header Expected"),
        (lambda: inputs.page_limit(request("limit=1001")), "The limit"),
        (lambda: inputs.wait_seconds(request("wait=inf")), "The time to wait"),
    ],
)
def test_what_is_wrong_is_named(read: Callable[[], object], told: str) -> None:
    with pytest.raises(InvalidInput, match=f"^{told} is not valid"):
        read()
