"""What every HTTP server of ours does to a request: its id, over two daemons; its time; its limit for a body."""

import asyncio
import logging
import shutil
import socket
import struct
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client import REGISTRY
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from shared.clients.daemon import open_client
from shared.runtime.http_server import HttpServer
from shared.runtime.journal import JournalHandler, log_context
from shared.runtime.web import http_app, json_body

_log = logging.getLogger("tests.web")
JOB = "0123456789ab0123456789abcdef"


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="pw"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def journal(folder: Path) -> Iterator[socket.socket]:
    """The socket on which a journal listens; what our logger says goes there."""
    handler = JournalHandler("pagewright-test", str(folder / "journal"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(folder / "journal"))
        listener.setblocking(False)
        _log.addHandler(handler)
        _log.setLevel(logging.INFO)
        yield listener
        _log.removeHandler(handler)
        handler.close()


def entries(journal: socket.socket) -> list[dict[str, str]]:
    """Every entry so far, in the native protocol."""
    found = []
    while True:
        try:
            data = journal.recv(1 << 16)
        except BlockingIOError:
            return found
        entry = {}
        while data:
            name, _, rest = data.partition(b"\n")
            (size,) = struct.unpack("<Q", rest[:8])
            entry[name.decode()] = rest[8 : 8 + size].decode()
            data = rest[9 + size :]
        found.append(entry)


@asynccontextmanager
async def serving(app: Starlette, address: str) -> AsyncIterator[str]:
    server = HttpServer(app, address)
    task = asyncio.create_task(server.run_until_stopped())
    try:
        yield address
    finally:
        server.should_exit = True
        await task


def ask(folder: Path, headers: dict[str, str]) -> str:
    """What the first daemon names the request that makes it, at work for a job, ask the second."""

    async def second(_: Request) -> Response:
        _log.info("second")
        return PlainTextResponse("")

    async def first(_: Request) -> Response:
        with log_context(job=JOB):
            _log.info("first")
            async with open_client(f"unix:{folder}/second") as client:
                await client.post("/")
        return PlainTextResponse("")

    async def talk() -> str:
        apps = {
            name: http_app([Route("/", handler, methods=["POST"])]) for name, handler in (("1", first), ("2", second))
        }
        async with (
            serving(apps["2"], f"unix:{folder}/second"),
            serving(apps["1"], f"unix:{folder}/first") as address,
            open_client(address, headers) as client,
        ):
            return (await client.post("/")).headers["X-Request-ID"]

    return asyncio.run(talk())


def test_one_request_has_one_id_in_every_daemon(folder: Path, journal: socket.socket) -> None:
    assert ask(folder, {"X-Request-ID": "a-sane.name_1"}) == "a-sane.name_1"
    told = [(e["MESSAGE"], e["PAGEWRIGHT_REQUEST"], e["PAGEWRIGHT_JOB"]) for e in entries(journal)]
    assert told == [("first", "a-sane.name_1", JOB), ("second", "a-sane.name_1", JOB)]


@pytest.mark.parametrize("name", ["", "short", "a" * 65, "two words", "semi;colon", 'quo"ted-name'])
def test_a_name_that_could_forge_a_line_is_replaced(name: str, folder: Path, journal: socket.socket) -> None:
    given = ask(folder, {"X-Request-ID": name})
    assert len(given) == 28
    assert {entry["PAGEWRIGHT_REQUEST"] for entry in entries(journal)} == {given}


async def slow_stream(_: Request) -> Response:
    async def body() -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.sleep(1)
        yield b"last"

    return StreamingResponse(body())


def test_a_stream_is_timed_until_it_begins() -> None:
    """A stream that goes on says nothing about our speed."""

    async def ask() -> None:
        transport = httpx.ASGITransport(http_app([Route("/", slow_stream)]))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            assert (await client.get("/")).text == "firstlast"

    asyncio.run(ask())
    labels = {"route": "slow_stream", "method": "GET"}
    assert REGISTRY.get_sample_value("pagewright_http_request_seconds_count", labels) == 1
    assert (REGISTRY.get_sample_value("pagewright_http_request_seconds_sum", labels) or 9) < 0.8


async def echo(request: Request) -> Response:
    return JSONResponse(await json_body(request, limit=10))


@pytest.mark.parametrize(
    ("body", "status"), [(b"[1]", 200), (b"[1", 422), (b"[" * 10, 422), (b'"12345678"', 200), (b'"123456789"', 413)]
)
def test_a_body_that_is_too_long_or_no_json_is_a_problem(body: bytes, status: int) -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(http_app([Route("/", echo, methods=["POST"])]))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post("/", content=body)

    answer = asyncio.run(ask())
    assert answer.status_code == status
    assert status == 200 or answer.headers["content-type"] == "application/problem+json"
