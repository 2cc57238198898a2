"""A real model daemon on a UNIX socket: the practice model, or any endpoint that the test names.

def test_x(model_process):                       # the practice model
    model_process.address, model_process.ticket(), model_process.environment
def test_y(start_model, scripted_endpoint):      # a scripted endpoint behind the real gateway
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url, MODEL_KEY="sk-…")
    with model.on_tcp() as base_url: ...         # for Codex outside of the sandbox
"""

import asyncio
import json
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.clients.daemon import AsyncClient, open_client
from shared.domain.tickets import issue_ticket
from shared.domain.vocabulary import new_id
from tests.support.daemon_process import DaemonProcess, short_directory


@dataclass(frozen=True)
class Reply:
    """The gateway's answer: the events of a stream, or the problem."""

    status: int
    text: str

    @property
    def problem(self) -> dict[str, Any]:
        assert self.status >= 400, self.text[:500]
        problem: dict[str, Any] = json.loads(self.text)
        return problem

    @property
    def events(self) -> list[dict[str, Any]]:
        assert self.status == 200, self.text[:500]
        return [json.loads(line.removeprefix("data: ")) for line in self.text.splitlines() if line.startswith("data: ")]


class ModelProcess(DaemonProcess):
    """The daemon's process; `environment` is also what a worker or api that talks to it needs to know."""

    def __init__(self, base: Path, **settings: str) -> None:
        self.directory = base / "data"
        self.address = f"unix:{base}/model.sock"
        self.ticket_key = "ticket-key-for-tests"
        own = {
            "MODEL_LISTEN": self.address,
            "MODEL_ADDRESS": self.address,
            "MODEL_DIRECTORY": str(self.directory),
            "MODEL_TICKET_KEY": self.ticket_key,
            # A script's first answer is for the test's first request.
            "MODEL_DIALECT": "responses",
        }
        super().__init__("model", base, **(own | settings))

    def ticket(self, job: str | None = None, site: str = "bakery", seconds: float = 600) -> str:
        """A good ticket, of a new job unless one is named."""
        return issue_ticket(self.ticket_key.encode(), job=job or new_id(), site=site, seconds=seconds)

    def client(self, ticket: str | None = None, timeout: float = 30) -> AsyncClient:
        """A client at the daemon's gateway."""
        return open_client(self.address, {"Authorization": f"Bearer {ticket or self.ticket()}"}, timeout)

    def ask(self, body: object, ticket: str | None = None, headers: dict[str, str] | None = None) -> Reply:
        """Post a body (bytes as they are, else as JSON) to the gateway and read the whole answer."""

        async def post() -> Reply:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            async with self.client(ticket) as client:
                answer = await client.post("/v1/responses", content=content, headers=headers)
                return Reply(answer.status_code, answer.text)

        return asyncio.run(post())

    def probe(self, ticket: str | None = None) -> Reply:
        """Let the daemon try its model."""

        async def post() -> Reply:
            async with self.client(ticket) as client:
                answer = await client.post("/v1/probe")
                return Reply(answer.status_code, answer.text)

        return asyncio.run(post())

    def question(self, path: str, body: object, ticket: str | None = None) -> Reply:
        """Let the daemon ask its model one of our own questions."""

        async def post() -> Reply:
            async with self.client(ticket) as client:
                answer = await client.post(path, json=body)
                return Reply(answer.status_code, answer.text)

        return asyncio.run(post())

    def get(self, path: str, *, admin: bool = False) -> str:
        """The text that a GET answers."""

        async def get() -> str:
            async with open_client(self.admin_address if admin else self.address) as client:
                return (await client.get(path)).text

        return asyncio.run(get())

    @contextmanager
    def on_tcp(self) -> Iterator[str]:
        """The gateway's base URL on loopback TCP, for clients that know no UNIX sockets."""
        path = self.address.removeprefix("unix:")
        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), relay_to(path)) as server:
            server.daemon_threads = True
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_address[1]}/v1"
            finally:
                server.shutdown()
                thread.join(5)


def relay_to(path: str) -> type[socketserver.BaseRequestHandler]:
    class Relay(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.socket(socket.AF_UNIX) as daemon:
                daemon.connect(path)
                threading.Thread(target=_pump, args=(self.request, daemon), daemon=True).start()
                _pump(daemon, self.request)

    return Relay


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def model_processes() -> Iterator[Callable[..., ModelProcess]]:
    """Starts model daemons, and ends them all."""
    with ExitStack() as ends:

        def start(**settings: str) -> ModelProcess:
            process = ModelProcess(ends.enter_context(short_directory()), **settings)
            ends.callback(process.kill)
            process.start()
            return process

        yield start


@pytest.fixture
def start_model() -> Iterator[Callable[..., ModelProcess]]:
    """Starts model daemons with settings by name without prefix, such as MODEL_JOB_REQUESTS="2"."""
    with model_processes() as start:
        yield start


@pytest.fixture
def model_process(start_model: Callable[..., ModelProcess]) -> ModelProcess:
    """A model daemon that is the practice model."""
    return start_model()


@pytest.fixture(scope="module")
def shared_model_process() -> Iterator[ModelProcess]:
    """The practice model for all tests of a module; each uses tickets of its own."""
    with model_processes() as start:
        yield start()
