"""A real storage daemon on a UNIX socket in a directory of its own, which can be killed and started again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.storage_client import StorageClient

_ROOT = Path(__file__).parents[2]
_START_SECONDS = 30


class StorageProcess:
    """The daemon's process; `directory` outlives it until the test's end. Tokens: worker, api, deployer."""

    def __init__(self, base: Path) -> None:
        self.directory = base / "data"
        self.address = f"unix:{base}/storage.sock"
        self.admin_address = f"unix:{base}/admin.sock"
        self.tokens = {role: f"{role}-token-for-tests" for role in ("worker", "api", "deployer")}
        self.log = base / "log"
        self._notify = base / "notify.sock"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        """What the daemon, and a worker, api or deployer that talks to it, needs to know."""
        return {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(_ROOT),
            "NOTIFY_SOCKET": str(self._notify),
            "PAGEWRIGHT_STORAGE_LISTEN": self.address,
            "PAGEWRIGHT_STORAGE_ADMIN_LISTEN": self.admin_address,
            "PAGEWRIGHT_STORAGE_DIRECTORY": str(self.directory),
        } | {f"PAGEWRIGHT_STORAGE_{role.upper()}_TOKEN": token for role, token in self.tokens.items()}

    def start(self) -> None:
        """Start the daemon and wait until it says that it is ready."""
        self._notify.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener, self.log.open("ab") as log:
            listener.bind(os.fspath(self._notify))
            listener.settimeout(0.1)
            command = [sys.executable, "-m", "daemons.storage"]
            self._process = subprocess.Popen(command, env=self.environment, cwd=_ROOT, stdout=log, stderr=log)
            self._await_ready(listener)

    def _await_ready(self, listener: socket.socket) -> None:
        assert self._process
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                if b"READY=1" in listener.recv(4096):
                    return
            except TimeoutError:
                continue
        raise AssertionError(f"storage did not start:\n{self.log.read_text()[-4000:]}")

    def kill(self) -> None:
        """End the daemon without any warning."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End the daemon in good order."""
        self._end(signal.SIGTERM)

    def _end(self, signal_number: int) -> None:
        if self._process:
            self._process.send_signal(signal_number)
            self._process.wait(_START_SECONDS)
            self._process = None

    def client(self, role: str = "worker", **options: tuple[float, ...]) -> StorageClient:
        return StorageClient(self.address, self.tokens[role], **options)


@contextmanager
def running_storage() -> Iterator[StorageProcess]:
    """A storage daemon until the block ends."""
    base = Path(tempfile.mkdtemp(prefix="pw"))
    process = StorageProcess(base)
    try:
        process.start()
        yield process
    finally:
        process.kill()
        shutil.rmtree(base)


@pytest.fixture
def storage() -> Iterator[StorageProcess]:
    """A storage daemon of the test's own."""
    with running_storage() as process:
        yield process
