"""A request with who makes it: what its path may name."""

import pytest
from starlette.requests import Request

from daemons.api.accounts.accounts import Account
from daemons.api.request_context import RequestContext
from shared.domain.errors import NotFound, NotSignedIn
from tests.api.small_database import ANA


def context(account: Account | None = ANA, **path: str) -> RequestContext:
    http = Request({"type": "http", "path_params": path})
    return RequestContext(http, None, account)  # type: ignore[arg-type]  # its path needs no services


def test_nobody_is_no_user() -> None:
    assert context().user is ANA
    with pytest.raises(NotSignedIn, match="You are not signed in"):
        _ = context(None).user


def test_a_path_names_a_site_a_job_and_a_version() -> None:
    named = context(site="bakery", job="0" * 28, number="7")
    assert (named.site, named.job, named.version) == ("bakery", "0" * 28, 7)


@pytest.mark.parametrize(("name", "value"), [("site", "a\0"), ("job", "\0"), ("version", "0"), ("version", "x")])
def test_what_can_name_nothing_is_not_found(name: str, value: str) -> None:
    path = {"number" if name == "version" else name: value}
    with pytest.raises(NotFound):
        getattr(context(**path), name)
