"""The middleware: what another website makes a browser send, headers, and bodies that are too large."""

from collections.abc import Iterator

import httpx
import pytest

from tests.api.conftest import World, problem


@pytest.fixture(scope="module")
def session(world: World) -> dict[str, str]:
    """The cookies of a browser in which ana is signed in."""
    link = world.root.post("sign-in-links", json={"email": "ana@example.org"}).json()["sign_in_link"]
    browser = world.api.browser()
    browser.post("session", json={"sign_in_token": link.rpartition("/")[2]})
    return dict(browser.cookies)


def token_request(world: World, session: dict[str, str], headers: dict[str, str]) -> httpx.Response:
    return world.api.client(cookies=session).post("tokens", json={"name": "x"}, headers=headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://app.test"},
        {"Origin": "http://evil.test"},
        {"Origin": "http://bakery.sites.test"},
        {"Origin": "https://app.test"},
        {"Origin": "null"},
        {},
    ],
)
def test_another_website_can_not_use_the_session(
    world: World, session: dict[str, str], headers: dict[str, str]
) -> None:
    problem(token_request(world, session, headers), 403)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://app.test"}]
)
def test_our_own_pages_can(world: World, session: dict[str, str], headers: dict[str, str]) -> None:
    assert token_request(world, session, headers).status_code == 201


def test_a_token_needs_no_origin_and_a_foreign_page_has_none(world: World) -> None:
    assert world.ana.post("tokens", json={"name": "x"}).status_code == 201
    problem(world.api.client().post("tokens", json={"name": "x"}), 401)


def test_reading_is_allowed_from_anywhere_but_can_not_be_read(world: World, session: dict[str, str]) -> None:
    answer = world.api.client(cookies=session).get("me", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers


def test_good_and_bad_answers_have_security_headers(world: World) -> None:
    for answer in (world.ana.get("me"), world.ana.get("nowhere"), world.api.client().get("me")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "frame-src http://*.sites.test" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "strict-origin", "a sign-in link must not reach a log as referrer"


def test_a_large_body_is_refused_whatever_its_headers_promise(world: World) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(20):
            yield b" " * (1 << 17)

    problem(world.ana.post("tokens", content=b" " * (2 << 20)), 413)
    problem(world.ana.post("tokens", content=endless()), 413)


def test_errors_of_the_frame_have_our_shape(world: World) -> None:
    problem(world.ana.get("nowhere"), 404)
    problem(world.ana.delete("sites"), 405)
    problem(world.ana.post("tokens", content=b"{"), 422)
    problem(world.ana.post("tokens", content=b"[" * 100_000), 422)
    problem(world.ana.post("tokens", json=["name"]), 422)
    problem(world.ana.post("tokens", content=b"name=x", headers={"Content-Type": "text/plain"}), 422)
