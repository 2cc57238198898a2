"""How one daemon calls another: by which addresses, with which headers, and what its errors become."""

import asyncio

import httpx
import pytest

from shared.clients.daemon import error_from, open_client, open_endpoint, open_public_client
from shared.domain.errors import Conflict, NotFound, PageWrightError
from shared.runtime.journal import log_context
from tests.support.replies import reply, replying


def test_a_call_says_for_which_request_and_job_it_is_made() -> None:
    async def run() -> list[str]:
        async with replying(reply({})) as server, open_client(server.address, {"Authorization": "Bearer x"}) as client:
            with log_context(request="r1", job="j1", site="bakery"):
                await client.get("/a")
            await client.get("/b")
            return [asked.lower() for asked in server.asked]

    first, second = asyncio.run(run())
    assert first.startswith("get /a ")
    assert {"authorization: bearer x", "x-request-id: r1", "x-pagewright-job: j1"} <= set(first.split("\r\n"))
    assert "x-request-id" not in second
    assert "bakery" not in first


def test_the_environments_proxies_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with replying(reply({})) as proxy, replying(reply({})) as server, open_client(server.address) as client:
            monkeypatch.setenv("http_proxy", f"http://{proxy.address}")
            monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.address}")
            await client.get("/a")
            assert (len(server.asked), proxy.asked) == (1, [])

    asyncio.run(run())


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://a", "http://", "http://a:b", "unix:/x"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        open_public_client(url, {})
    with pytest.raises(ValueError, match="URL"):
        open_endpoint(url, {}, 1.0)


def test_an_endpoint_has_no_user_name_and_follows_no_redirect() -> None:
    with pytest.raises(ValueError, match="user name"):
        open_endpoint("http://key@a.example/v1", {}, 1.0)

    async def run() -> int:
        async with (
            replying(reply(b"", 302, Location="http://127.0.0.1:1/")) as server,
            open_endpoint(f"http://{server.address}/v1/", {}, 5.0) as client,
        ):
            return (await client.get("models")).status_code

    assert asyncio.run(run()) == 302


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (404, b'{"detail": "There is none.", "hint": "Look."}', NotFound, "There is none."),
        (409, b'{"detail": "Taken.", "hint": ""}', Conflict, "Taken."),
        (500, b"<html>", PageWrightError, ""),
        (418, b"[]", PageWrightError, ""),
    ],
)
def test_an_error_answer_is_an_error_of_ours(status: int, body: bytes, kind: type[PageWrightError], says: str) -> None:
    error = error_from(httpx.Response(status, content=body))
    assert type(error) is kind or isinstance(error, kind)
    assert says in error.detail
    assert error.detail
