"""The ticket is what follows the word Bearer."""

import pytest
from starlette.requests import Request

from daemons.model.bearer_ticket import bearer_ticket
from shared.domain.errors import NotSignedIn


def _request(*head: tuple[bytes, bytes]) -> Request:
    return Request({"type": "http", "headers": [*head]})


def test_the_ticket_is_read() -> None:
    assert bearer_ticket(_request((b"authorization", b"bearer  a.b "))) == "a.b"


@pytest.mark.parametrize("head", [(), ((b"authorization", b"Basic a.b"),), ((b"cookie", b"Bearer a"),)])
def test_without_one_nobody_is_heard(head: tuple[tuple[bytes, bytes], ...]) -> None:
    with pytest.raises(NotSignedIn):
        bearer_ticket(_request(*head))
