"""One request's entries in the journal, over two daemons: a real journal socket, real HTTP between them."""

import asyncio
import logging
import shutil
import socket
import struct
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from shared.clients.daemon import open_client
from shared.runtime.http_server import HttpServer
from shared.runtime.journal import JournalHandler, log_context
from shared.runtime.web import http_app

_log = logging.getLogger("tests.request_story")
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


def test_one_request_is_one_story(folder: Path, journal: socket.socket) -> None:
    assert ask(folder, {"X-Request-ID": "a-sane.name_1"}) == "a-sane.name_1"
    told = [(e["MESSAGE"], e["PAGEWRIGHT_REQUEST"], e["PAGEWRIGHT_JOB"]) for e in entries(journal)]
    assert told == [("first", "a-sane.name_1", JOB), ("second", "a-sane.name_1", JOB)]


@pytest.mark.parametrize("name", ["", "short", "a" * 65, "two words", "semi;colon", 'quo"ted-name'])
def test_a_name_that_could_forge_a_line_is_replaced(name: str, folder: Path, journal: socket.socket) -> None:
    given = ask(folder, {"X-Request-ID": name})
    assert len(given) == 28
    assert {entry["PAGEWRIGHT_REQUEST"] for entry in entries(journal)} == {given}
