"""Each daemon is known by its own token; tokens that can't tell them apart are refused at the start."""

import pytest
from starlette.requests import Request

from daemons.storage.bearer_auth import BearerAuth, ServiceRole
from shared.domain.errors import InvalidInput, NotAllowed, NotSignedIn

_TOKENS = {role: f"{role}-".ljust(16, "x") for role in ServiceRole}


def request(authorization: str) -> Request:
    return Request({"type": "http", "headers": [(b"authorization", authorization.encode())]})


def test_a_token_is_one_role_and_no_other() -> None:
    auth = BearerAuth(_TOKENS)
    for role, token in _TOKENS.items():
        assert auth.admit(request(f"Bearer {token}")) is role
        assert auth.admit(request(f"bearer {token}"), role) is role
        with pytest.raises(NotAllowed):
            auth.admit(request(f"Bearer {token}"), *(other for other in ServiceRole if other is not role))


@pytest.mark.parametrize(
    "shown", ["", "Bearer", "Bearer other", f"Basic {_TOKENS[ServiceRole.API]}", _TOKENS[ServiceRole.API]]
)
def test_anything_else_is_nobody(shown: str) -> None:
    with pytest.raises(NotSignedIn):
        BearerAuth(_TOKENS).admit(request(shown))


@pytest.mark.parametrize("bad", [{ServiceRole.API: _TOKENS[ServiceRole.WORKER]}, {ServiceRole.API: "short"}])
def test_equal_or_short_tokens_are_refused(bad: dict[ServiceRole, str]) -> None:
    with pytest.raises(InvalidInput):
        BearerAuth(_TOKENS | bad)
