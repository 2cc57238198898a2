"""A private Redis on a UNIX socket: `redis_url` keeps nothing, `redis_server` a test may kill and start again."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest


class RedisServer:
    """One redis-server process; with `durable` it keeps its data over a restart. `users` is a file of its ACL."""

    def __init__(self, directory: Path, *, durable: bool = False, users: Path | None = None) -> None:
        self._users = users
        self.socket = directory / "redis.sock"
        self.url = f"unix://{self.socket}"
        self._directory = directory
        self._durable = durable
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "dir": str(self._directory),
            "save": "",
            "appendonly": "yes" if self._durable else "no",
            "appendfsync": "always" if self._durable else "no",
            "logfile": str(self._directory / "redis.log"),
        }
        settings |= {"aclfile": str(self._users)} if self._users else {}
        arguments = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self._process = subprocess.Popen(["redis-server", *arguments], env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"})
        deadline = time.monotonic() + 10
        while not self._answers():
            assert self._process.poll() is None, (self._directory / "redis.log").read_text()
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.002)

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait(10)

    def command(self, line: str) -> str:
        """The answer to one command without spaces in its arguments, as text."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.socket))
            connection.sendall(line.encode() + b"\r\n")
            answer = connection.makefile("rb")
            first = answer.readline()
            return (answer.read(int(first[1:])) if first.startswith(b"$") else first[1:]).decode().strip()

    def calls(self) -> dict[str, int]:
        """How often each command was called since CONFIG RESETSTAT, those inside scripts included."""
        lines = self.command("INFO commandstats").splitlines()
        pairs = (line.removeprefix("cmdstat_").split(":calls=") for line in lines if line.startswith("cmdstat_"))
        return {name: int(rest.split(",")[0]) for name, rest in pairs}

    def _answers(self) -> bool:
        try:
            return self.command("PING").startswith(("PONG", "NOAUTH"))
        except OSError:
            return False


def _run(*, durable: bool) -> Iterator[RedisServer]:
    directory = Path(tempfile.mkdtemp(prefix="pw", dir="/tmp"))
    server = RedisServer(directory, durable=durable)
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(directory)


@pytest.fixture(scope="session")
def _shared_redis() -> Iterator[RedisServer]:
    yield from _run(durable=False)


@pytest.fixture
def shared_redis(_shared_redis: RedisServer) -> RedisServer:
    """A Redis that was emptied for this test; do not stop it."""
    _shared_redis.command("FLUSHALL")
    _shared_redis.command("CONFIG RESETSTAT")
    return _shared_redis


@pytest.fixture
def redis_url(shared_redis: RedisServer) -> str:
    """The URL of a Redis that was emptied for this test."""
    return shared_redis.url


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis of the test's own that keeps its data; the test may kill and start it."""
    yield from _run(durable=True)
