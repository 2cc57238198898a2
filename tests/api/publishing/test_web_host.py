"""What one web host's answer means, and what a host that does not answer tells."""

import asyncio

import pytest

from daemons.api.publishing.web_host import ExpectedVersion, HostAnswer, WebHostClient
from shared.domain.errors import Busy
from shared.domain.host_problem import PROBLEM_ADDRESS
from tests.support.replies import reply, replying


def answer(version: int | None, manifest: str | None = None, *, is_by_number: bool = False) -> HostAnswer:
    return HostAnswer("a:1", answers=True, version=version, manifest=manifest, is_by_number=is_by_number)


NOTHING = HostAnswer("a:1", answers=True, is_by_number=True, has_none=True)


@pytest.mark.parametrize(
    ("told", "wanted", "shows"),
    [
        (answer(3, "d"), ExpectedVersion(3, "d"), True),
        (answer(3, "e"), ExpectedVersion(3, "d"), False),
        (answer(3, "e"), ExpectedVersion(3), True),
        (answer(3, is_by_number=True), ExpectedVersion(3, "d"), True),
        (answer(2, "d"), ExpectedVersion(3, "d"), False),
        (answer(None), ExpectedVersion(3), False),
        (answer(2, "d"), ExpectedVersion(None), False),
        (answer(None), ExpectedVersion(None), False),
        (NOTHING, ExpectedVersion(None), True),
    ],
)
def test_bytes_are_shown_and_not_only_a_number(told: HostAnswer, wanted: ExpectedVersion, shows: bool) -> None:
    assert told.shows(wanted) is shows


@pytest.mark.parametrize(
    ("sent", "understood"),
    [
        (reply({"version": 3, "manifest": "d"}), answer(3, "d")),
        (reply({"version": 3}), answer(3, is_by_number=True)),
        (reply({"version": "3", "manifest": 7}), answer(None)),
        (reply([3]), answer(None, is_by_number=True)),
        (reply(b"<html>"), answer(None, is_by_number=True)),
        (reply(b"", 404), NOTHING),
        (reply(b"", 500), answer(None, is_by_number=True)),
    ],
)
def test_whatever_a_host_says_is_understood(sent: bytes, understood: HostAnswer) -> None:
    async def run() -> None:
        async with replying(sent) as server:
            host = WebHostClient(server.address)
            told = await host.ask("bakery.sites.test")
            await host.close()
            assert told == HostAnswer(**{**vars(understood), "address": server.address})
            assert "host: bakery.sites.test" in server.asked[0].lower()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("status", "location", "leads"),
    [
        (301, "http://brot.sites.test/any/page?of=it", True),
        (301, "https://brot.sites.test/any/page?of=it", True),
        (302, "http://brot.sites.test/any/page?of=it", False),
        (301, "http://laden.sites.test/any/page?of=it", False),
        (301, "http://brot.sites.test/", False),
        (301, "/any/page?of=it", False),
        (200, "", False),
    ],
)
def test_an_old_address_leads_to_the_same_page_of_the_new_one(status: int, location: str, leads: bool) -> None:
    async def run() -> None:
        async with replying(reply(b"", status, Location=location)) as server:
            host = WebHostClient(server.address)
            assert await host.leads_to("bakery.sites.test", "brot.sites.test") is leads
            await host.close()
            assert "GET /any/page?of=it " in server.asked[0] and "host: bakery.sites.test" in server.asked[0].lower()
        silent = WebHostClient("127.0.0.1:1")
        assert not await silent.leads_to("bakery.sites.test", "brot.sites.test")
        await silent.close()

    asyncio.run(run())


def test_a_home_page_is_told_only_if_it_is_sent() -> None:
    async def run() -> None:
        async with replying(reply(b"<h1>"), reply(b"no", 404)) as server:
            host = WebHostClient(server.address)
            assert await host.home_page("bakery.sites.test", "identity") == b"<h1>"
            assert await host.home_page("bakery.sites.test", "identity") is None
            await host.close()

    asyncio.run(run())


def test_no_home_page_is_what_a_host_says_and_not_what_it_fails_to_say() -> None:
    async def run() -> None:
        async with replying(reply(b"no", 404), reply(b"<h1>"), reply(b"", 500)) as server:
            host = WebHostClient(server.address)
            assert [await host.has_no_home_page("bakery.sites.test") for _ in range(3)] == [True, False, False]
            await host.close()

    asyncio.run(run())


def test_a_trouble_is_told_only_if_it_can_be_read() -> None:
    trouble = {"version": 3, "reason": "Its disk is full.", "attempt": "x"}

    async def run() -> None:
        async with replying(reply(trouble), reply({"reason": 3}), reply(trouble, 404)) as server:
            host = WebHostClient(server.address)
            told = [await host.trouble("bakery.sites.test") for _ in range(3)]
            await host.close()
            assert [one and one.reason for one in told] == ["Its disk is full.", None, None]
            assert PROBLEM_ADDRESS in server.asked[0]

    asyncio.run(run())


def test_a_host_that_is_away_tells_nothing() -> None:
    async def run() -> None:
        host = WebHostClient("127.0.0.1:1")
        assert await host.home_page("bakery.sites.test", "gzip") is None
        assert await host.ask("bakery.sites.test") == HostAnswer("127.0.0.1:1", answers=False)
        assert await host.trouble("bakery.sites.test") is None
        await host.close()

    asyncio.run(run())


def test_a_crowd_neither_hides_a_host_nor_opens_a_connection_for_each() -> None:
    """A few are asked at a time; who comes when the line is full is told so, and not that the host is away."""
    at_once: list[int] = [0]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        at_once.append(at_once[-1] + 1)
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0)
        writer.write(reply({"version": 3}))
        await writer.drain()
        writer.close()
        at_once.append(at_once[-1] - 1)

    async def run() -> list[HostAnswer | BaseException]:
        async with await asyncio.start_server(serve, "127.0.0.1") as server:
            host = WebHostClient(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
            try:
                crowd = [host.ask("bakery.sites.test") for _ in range(500)]
                return await asyncio.gather(*crowd, return_exceptions=True)
            finally:
                await host.close()

    told = asyncio.run(run())
    refused = [error for error in told if isinstance(error, Busy)]
    answered = [one for one in told if isinstance(one, HostAnswer)]
    assert (len(answered), len(refused)) == (424, 76)
    assert {(one.answers, one.version) for one in answered} == {(True, 3)}
    assert max(at_once) <= 24
