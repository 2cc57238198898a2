"""Who is asking: which credentials count, where the cookie may go, and what a network is."""

import asyncio
from pathlib import Path

import pytest
from starlette.responses import Response

from daemons.api.accounts.accounts import Accounts
from daemons.api.accounts.credentials import Credentials
from daemons.api.accounts.identity import Identity, network_of
from daemons.api.database.connection import Database
from shared.domain.errors import NotSignedIn
from tests.api.small_database import ANA, BEN, http_request, small_database


def identity_of(database: Database, public_url: str = "http://localhost:8000") -> Identity:
    return Identity(Accounts(database, Credentials(database), public_url), public_url)


def test_a_bearer_token_counts_before_a_cookie(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path) as database:
            identity, credentials = identity_of(database), Credentials(database)
            token = (await credentials.create_token(ANA.id, "laptop", by="tests")).token
            cookie = f"pagewright={await credentials.open_session(BEN.id)}"
            assert await identity.find(http_request(authorization=f"bearer  {token} ", cookie=cookie)) == ANA
            assert await identity.require(http_request(authorization="Basic eDp5", cookie=cookie)) == BEN
            assert await identity.find(http_request(cookie="pagewright=wrong")) is None
            with pytest.raises(NotSignedIn, match="API token is not known"):
                await identity.find(http_request(authorization="Bearer wrong", cookie=cookie))
            with pytest.raises(NotSignedIn, match="You are not signed in"):
                await identity.require(http_request())

    asyncio.run(run())


@pytest.mark.parametrize(
    ("public_url", "name", "secure"),
    [("https://app.example.org", "__Host-pagewright", True), ("http://localhost:8000", "pagewright", False)],
)
def test_the_cookie_is_for_our_own_pages_alone(tmp_path: Path, public_url: str, name: str, secure: bool) -> None:
    async def run() -> None:
        async with small_database(tmp_path) as database:
            identity, response = identity_of(database, public_url), Response()
            identity.remember(response, "secret")
            cookie = response.headers["set-cookie"].lower()
            assert cookie.startswith(f"{name.lower()}=secret; ")
            assert {"httponly", "path=/", "samesite=lax", "max-age=2592000"} <= set(cookie.split("; "))
            assert ("; secure" in cookie) is secure
            ended = Response()
            await identity.forget(http_request(), ended)
            assert "max-age=0" in ended.headers["set-cookie"].lower()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("said", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
        ("x" * 200, "x" * 100),
    ],
)
def test_a_network_is_what_one_guesser_may_choose_from(said: str, network: str) -> None:
    assert network_of(http_request(x_forwarded_for=said)) == network


def test_without_nginx_the_connection_tells_the_network() -> None:
    assert network_of(http_request(client=("192.0.2.8", 1))) == "192.0.2.8"
    assert network_of(http_request()) == "this machine"
