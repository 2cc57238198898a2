"""Browsers that use the pages: a visitor's, and one in which ana is signed in."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import World
from tests.api.office import Office, opened_office
from tests.support.api_process import PUBLIC_URL
from tests.support.browser import BrowserThread

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
FRAGMENT = {"HX-Request": "true"}
HOSTILE = "<img src=x onerror=alert(1)>"


def browser(world: World) -> httpx.Client:
    """A client with cookies, whose forms come from our own pages."""
    transport = httpx.HTTPTransport(uds=world.api.address.removeprefix("unix:"))
    return httpx.Client(
        transport=transport, base_url=PUBLIC_URL, headers=SAME_SITE, timeout=30, trust_env=False, follow_redirects=True
    )


def sign_in_path(world: World, email: str) -> str:
    return world.api.sign_in_link(email).removeprefix(PUBLIC_URL)


@pytest.fixture
def visitor(world: World) -> Iterator[httpx.Client]:
    with browser(world) as client:
        yield client


@pytest.fixture(scope="module")
def session(world: World) -> dict[str, str]:
    """The cookie of a session of ana's that no test ends."""
    with browser(world) as client:
        assert client.post(sign_in_path(world, "ana@example.org")).status_code == 200
        return dict(client.cookies)


@pytest.fixture
def ana(world: World, session: dict[str, str]) -> Iterator[httpx.Client]:
    """Ana's browser, signed in."""
    with browser(world) as client:
        client.cookies.update(session)
        yield client


@pytest.fixture
def office(tmp_path: Path, in_browser: BrowserThread) -> Iterator[Office]:
    """One of the test's own, parts of which it may stop."""
    with opened_office(tmp_path, in_browser) as office:
        yield office


@pytest.fixture(scope="module")
def shared_office(tmp_path_factory: pytest.TempPathFactory, in_browser: BrowserThread) -> Iterator[Office]:
    """One for all tests of a module: each makes sites of its own."""
    with opened_office(tmp_path_factory.mktemp("office"), in_browser) as office:
        yield office
