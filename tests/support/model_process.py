"""A real model daemon on a UNIX socket: the practice model, or any endpoint that the test names.

def test_x(model_process):                       # the practice model
    model_process.address, model_process.ticket(), model_process.environment
def test_y(start_model, scripted_endpoint):      # a scripted endpoint behind the real door
    model = start_model(MODEL_BASE_URL=scripted_endpoint.base_url, MODEL_KEY="sk-…")
    with model.on_tcp() as base_url: ...         # for Codex outside of the sandbox
"""

import asyncio
import json
import os
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.daemon_client import AsyncClient, open_client
from shared.job_ticket import issue_ticket
from shared.vocabulary import new_id

_ROOT = Path(__file__).parents[2]
_START_SECONDS = 30


@dataclass(frozen=True)
class Reply:
    """The door's answer: the events of a stream, or the problem."""

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


class ModelProcess:
    """The daemon's process; `directory` outlives it until the test's end, so that it can be started again."""

    def __init__(self, base: Path, **settings: str) -> None:
        self.directory = base / "data"
        self.address = f"unix:{base}/model.sock"
        self.admin_address = f"unix:{base}/admin.sock"
        self.ticket_key = "ticket-key-for-tests"
        self.log = base / "log"
        self._settings = settings
        self._notify = base / "notify.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the daemon, and a worker or api that talks to it, needs to know."""
        return {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(_ROOT),
            "NOTIFY_SOCKET": str(self._notify),
            "PAGEWRIGHT_MODEL_LISTEN": self.address,
            "PAGEWRIGHT_MODEL_ADDRESS": self.address,
            "PAGEWRIGHT_MODEL_ADMIN_LISTEN": self.admin_address,
            "PAGEWRIGHT_MODEL_DIRECTORY": str(self.directory),
            "PAGEWRIGHT_MODEL_TICKET_KEY": self.ticket_key,
        } | {f"PAGEWRIGHT_{name}": value for name, value in self._settings.items()}

    def ticket(self, job: str | None = None, site: str = "bakery", seconds: float = 600) -> str:
        """A good ticket, of a new job unless one is named."""
        return issue_ticket(self.ticket_key.encode(), job=job or new_id(), site=site, seconds=seconds)

    def client(self, ticket: str | None = None, timeout: float = 30) -> AsyncClient:
        """A client at the daemon's door."""
        return open_client(self.address, {"Authorization": f"Bearer {ticket or self.ticket()}"}, timeout)

    def ask(self, body: object, ticket: str | None = None, headers: dict[str, str] | None = None) -> Reply:
        """Post a body (bytes as they are, else as JSON) to the door and read the whole answer."""

        async def post() -> Reply:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            async with self.client(ticket) as client:
                answer = await client.post("/v1/responses", content=content, headers=headers)
                return Reply(answer.status_code, answer.text)

        return asyncio.run(post())

    def get(self, path: str, *, admin: bool = False) -> str:
        """The text that a GET answers."""

        async def get() -> str:
            async with open_client(self.admin_address if admin else self.address) as client:
                return (await client.get(path)).text

        return asyncio.run(get())

    def start(self) -> None:
        """Start the daemon and wait until it says that it is ready."""
        self._notify.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener, self.log.open("ab") as log:
            listener.bind(os.fspath(self._notify))
            listener.settimeout(0.1)
            command = [sys.executable, "-m", "daemons.model"]
            self._process = subprocess.Popen(command, env=self.environment, cwd=_ROOT, stdout=log, stderr=log)
            self._await_ready(listener)

    def _await_ready(self, listener: socket.socket) -> None:
        assert self._process
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(TimeoutError):
                if b"READY=1" in listener.recv(4096):
                    return
        raise AssertionError(f"the model daemon did not start:\n{self.log.read_text()[-4000:]}")

    def kill(self) -> None:
        """End the daemon without any warning."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the daemon in good order."""
        self._end(signal.SIGTERM)

    def _end(self, signal_number: int) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal_number)
            self._process.wait(_START_SECONDS)

    @contextmanager
    def on_tcp(self) -> Iterator[str]:
        """The door's base URL on loopback TCP, for clients that know no UNIX sockets."""
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
    started: list[tuple[ModelProcess, str]] = []

    def start(**settings: str) -> ModelProcess:
        base = tempfile.mkdtemp(prefix="pw")
        process = ModelProcess(Path(base), **settings)
        started.append((process, base))
        process.start()
        return process

    try:
        yield start
    finally:
        for process, base in started:
            process.kill()
            shutil.rmtree(base, ignore_errors=True)


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
