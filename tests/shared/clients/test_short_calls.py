"""Short calls: what is sent, which answers are understood, and what is said if none comes."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from shared.clients.daemon import ConnectError, ReadError, ReadTimeout, TransportError
from shared.clients.short_calls import ShortCalls
from shared.runtime.journal import log_context
from tests.support.replies import reply, replying

ZIPPED = gzip.compress(b"ok", mtime=0)  # each process names the test's cases alike
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class _Server:
    """Answers each request with the next of `answers`, closes the connection after some, and counts connections."""

    def __init__(self, answers: Sequence[bytes], closes_after: int | None) -> None:
        self.answers = list(answers)
        self.closes_after = closes_after
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(self.answers.pop(0))
                if self.connections == self.closes_after:
                    break
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def _calls(*answers: bytes, closes_after: int | None = None) -> AsyncIterator[tuple[_Server, ShortCalls]]:
    server = _Server(answers, closes_after)
    listener = await asyncio.start_server(server.serve, "127.0.0.1")
    address = f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    async with ShortCalls(address) as calls:
        yield server, calls
    listener.close()


def test_a_request_says_what_is_asked_and_for_whom() -> None:
    async def run() -> None:
        async with (
            replying(reply({"a": 1})) as server,
            ShortCalls(server.address, {"Authorization": "Bearer x"}) as calls,
        ):
            with log_context(request="r1", job="j1"):
                answer = await calls.request("GET", "/v1/sites/a b", params={"limit": 2, "sites": "a,b"})
            await calls.request("POST", "/v1/desired", json={"slot": "current"}, headers={"Fence": "3"})
            assert (answer.status_code, answer.json()) == (200, {"a": 1})
            first, second = (asked.lower().split("\r\n") for asked in server.asked)
            assert first[0] == "get /v1/sites/a%20b?limit=2&sites=a%2cb http/1.1"
            assert {f"host: {server.address}", "authorization: bearer x", "x-request-id: r1"} <= set(first)
            assert {"content-type: application/json", "content-length: 19", "fence: 3"} <= set(second)

    asyncio.run(run())


def test_a_connection_is_used_again_until_the_server_closes_it() -> None:
    async def run() -> None:
        async with _calls(PLAIN, PLAIN, PLAIN.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n"), PLAIN) as (
            server,
            calls,
        ):
            for connections in (1, 1, 1, 2):
                assert (await calls.request("GET", "/")).content == b"ok"
                assert server.connections == connections

    asyncio.run(run())


def test_calls_at_the_same_time_have_a_connection_each() -> None:
    async def run() -> None:
        async with _calls(*[PLAIN] * 5) as (server, calls):
            answers = await asyncio.gather(*(calls.request("GET", "/") for _ in range(5)))
            assert [answer.content for answer in answers] == [b"ok"] * 5
            assert server.connections == 5

    asyncio.run(run())


@pytest.mark.parametrize(
    ("answer", "status", "content"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404, b""),
        (b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", 304, b""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1\r\n!\r\n0\r\n\r\n", 200, b"ok!"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(ZIPPED) + ZIPPED,
            200,
            b"ok",
        ),
    ],
)
def test_answers_of_every_form_are_read(answer: bytes, status: int, content: bytes) -> None:
    async def run() -> None:
        async with _calls(answer, PLAIN) as (server, calls):
            told = await calls.request("GET", "/")
            assert (told.status_code, told.content) == (status, content)
            assert (await calls.request("GET", "/")).content == b"ok"
            assert server.connections == 1

    asyncio.run(run())


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
        b"",
    ],
)
def test_half_an_answer_is_none(answer: bytes) -> None:
    """The server closes the connection behind it, and the next question has another."""

    async def run() -> None:
        async with _calls(answer, PLAIN, closes_after=1) as (server, calls):
            with pytest.raises(ReadError if b"gzip" not in answer else TransportError):
                await calls.request("GET", "/")
            assert (await calls.request("GET", "/")).content == b"ok"
            assert server.connections == 2

    asyncio.run(run())


def test_nobody_listens() -> None:
    async def run() -> None:
        for address in ("unix:/nowhere/socket", "127.0.0.1:1"):
            async with ShortCalls(address) as calls:
                with pytest.raises(ConnectError):
                    await calls.request("GET", "/")

    asyncio.run(run())


@pytest.mark.parametrize("cut", ["timeout", "cancel"])
def test_a_call_that_is_cut_off_leaves_no_answer_to_the_next(cut: str) -> None:
    async def run() -> None:
        async with _calls(b"", PLAIN) as (server, calls):
            asking = asyncio.create_task(calls.request("GET", "/", timeout=0.05 if cut == "timeout" else 30))
            while server.answers == [b"", PLAIN]:
                await asyncio.sleep(0.001)
            if cut == "cancel":
                asking.cancel()
            with pytest.raises(ReadTimeout if cut == "timeout" else asyncio.CancelledError):
                await asking
            assert (await calls.request("GET", "/")).content == b"ok"
            assert server.connections == 2

    asyncio.run(run())


def test_a_header_brings_no_other() -> None:
    async def run() -> None:
        async with ShortCalls("127.0.0.1:1") as calls:
            with pytest.raises(ValueError, match="end of a line"):
                await calls.request("GET", "/", headers={"Host": "a\r\nX-Other: b"})

    asyncio.run(run())
