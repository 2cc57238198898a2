"""One daemon of ours as a real process: what the plugins of the single daemons have in common."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.fork_server import ForkedProcess, ForkServer

ROOT = Path(__file__).parents[2]
LIMIT_SECONDS = 60


class DaemonProcess:
    """`python -m daemons.NAME`; its files are in `base`, a short path, and outlive it so that it can start again.

    `settings` are names without prefix, such as STORAGE_LISTEN. A test may change `environment` before a start, and
    `launcher`: a command that runs the one given to it, with `open_files` of this process. Without one the daemon is
    forked, if there is a `fork_server`.
    """

    fork_server: ForkServer | None = None

    def __init__(self, name: str, base: Path, **settings: str) -> None:
        self.name = name
        self.base = base
        self.log = base / "log"
        self.admin_address = f"unix:{base}/admin.sock"
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
            "NOTIFY_SOCKET": f"{base}/notify.sock",
            f"PAGEWRIGHT_{name.upper()}_ADMIN_LISTEN": self.admin_address,
        } | {f"PAGEWRIGHT_{setting}": value for setting, value in settings.items()}
        self.launcher: list[str] = []
        self.open_files: list[int] = []
        self._process: subprocess.Popen[bytes] | ForkedProcess | None = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def launch(self) -> None:
        """Start the daemon, and do not wait for it."""
        with self.log.open("ab") as log:
            if self.fork_server and not self.launcher:
                module, output = f"daemons.{self.name}", log.fileno()
                self._process = self.fork_server.start(
                    module, environment=self.environment, output=output, errors=output
                )
                return
            command = [*self.launcher, sys.executable, "-m", f"daemons.{self.name}"]
            self._process = subprocess.Popen(
                command, env=self.environment, cwd=ROOT, stdout=log, stderr=log, pass_fds=self.open_files
            )

    def start(self) -> None:
        """Start the daemon and wait until it says that it is ready."""
        notify = self.base / "notify.sock"
        notify.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
            listener.bind(os.fspath(notify))
            listener.settimeout(0.1)
            self.launch()
            self._await_ready(listener)

    def _await_ready(self, listener: socket.socket) -> None:
        assert self._process
        deadline = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(TimeoutError):
                if b"READY=1" in listener.recv(4096):
                    return
        raise AssertionError(f"{self.name} did not start:\n{self.log.read_text()[-4000:]}")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The daemon sees what is done in this block at once, as a whole."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End the daemon like a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End the daemon in good order; gives its exit status."""
        return self._end(signal.SIGTERM)

    def _end(self, signal_number: int) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(signal_number)
        status = self._process.wait(LIMIT_SECONDS)
        self._process = None
        return status


@pytest.fixture(scope="session", autouse=True)
def _fork_server() -> Iterator[None]:
    """Daemons of tests are forked; a bench starts them as a service manager does."""
    with closing(ForkServer()) as DaemonProcess.fork_server:
        yield
    DaemonProcess.fork_server = None


def run_module(
    module: str, *words: object, environment: Mapping[str, str], seconds: float = LIMIT_SECONDS
) -> subprocess.CompletedProcess[str]:
    """What one of our commands said, `python -m MODULE WORDS`, and its exit status; in tests it is forked, too."""
    arguments = list(map(str, words))
    if DaemonProcess.fork_server:
        return DaemonProcess.fork_server.run(module, *arguments, environment=environment, seconds=seconds)
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
    )


@contextmanager
def short_directory() -> Iterator[Path]:
    """A new directory whose path leaves room for the name of a UNIX socket; it is gone with the block."""
    directory = Path(tempfile.mkdtemp(prefix="pw"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory)
