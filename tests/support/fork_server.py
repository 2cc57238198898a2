"""Starts our programs from a process that has imported them already: a test pays a fork, not half a second of imports.

Each is a process of its own all the same, and runs its module as `__main__` with its own environment and output. As a
program, this file is the process that forks. It answers one request after the other, so it needs no threads.
"""

import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile

_ROOT = Path(__file__).parents[2]
# What they import as late as their start, or their first work.
_LATE = {
    "daemons.api": "aiosqlite alembic.command anyio._backends._asyncio httpcore uvicorn.protocols.http.httptools_impl",
    "daemons.api.database.dump": "aiosqlite alembic.command",
    "daemons.deployer": "anyio._backends._asyncio httpcore uvicorn.protocols.http.httptools_impl",
    "daemons.model": "daemons.model.official_library httpcore uvicorn.protocols.http.httptools_impl",
    "daemons.storage": "uvicorn.protocols.http.httptools_impl",
}
_REQUEST_BYTES = 1 << 16


class ForkedProcess:
    """A process that the server has forked, with what tests use of a `subprocess.Popen`."""

    def __init__(self, server: "ForkServer", pid: int) -> None:
        self._server = server
        self.pid = pid
        self._end = os.pidfd_open(pid)
        self._status: int | None = None

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def poll(self) -> int | None:
        """The exit status, None while it runs."""
        return self._ended_within(0)

    def wait(self, seconds: float) -> int:
        """The exit status; raises TimeoutExpired if it still runs then."""
        status = self._ended_within(seconds)
        if status is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", seconds)
        return status

    def _ended_within(self, seconds: float) -> int | None:
        if self._status is None and select.select([self._end], [], [], seconds)[0]:
            self._status = self._server.ask({"reap": self.pid})
            os.close(self._end)
        return self._status


class ForkServer:
    """The process that forks others; it starts with the first of them, which are the caller's to end."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._ends = ExitStack()
        self._control: socket.socket | None = None

    def start(
        self, module: str, *words: str, environment: Mapping[str, str], output: int, errors: int
    ) -> ForkedProcess:
        """What `python -m MODULE WORDS` would be in the project's folder, with this environment, output and errors."""
        request = {"module": module, "words": words, "environment": dict(environment)}
        return ForkedProcess(self, self.ask(request, output, errors))

    def run(
        self, module: str, *words: str, environment: Mapping[str, str], seconds: float
    ) -> subprocess.CompletedProcess[str]:
        """What such a process said, and its exit status."""
        with TemporaryFile("w+") as output, TemporaryFile("w+") as errors:
            process = self.start(
                module, *words, environment=environment, output=output.fileno(), errors=errors.fileno()
            )
            status = process.wait(seconds)
            said = [file.read() for file in (output, errors) if not file.seek(0)]
        return subprocess.CompletedProcess([module, *words], status, *said)

    def ask(self, request: Mapping[str, object], *descriptors: int) -> int:
        """The answer to one request: of a start the process, of a reaping its exit status."""
        with self._asking:
            self._control = self._control or self._launch()
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
            return int(self._control.recv(_REQUEST_BYTES))

    def _launch(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", __name__, str(theirs.fileno())]
            process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
        self._ends.callback(process.wait)
        self._ends.callback(ours.close)
        return ours

    def close(self) -> None:
        """It ends, because nobody can ask it any more."""
        self._ends.close()


def _serve(control: socket.socket) -> None:
    """Answer until nobody can ask any more. In a forked process it returns once the program has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for pytest, which then ends all of us
    prepared: set[str] = set()
    while (received := socket.recv_fds(control, _REQUEST_BYTES, 2))[0]:
        request, descriptors = json.loads(received[0]), received[1]
        if "reap" in request:
            answer = os.waitstatus_to_exitcode(os.waitpid(request["reap"], 0)[1])
        else:
            if request["module"] not in prepared:
                _import_all(request["module"])
                prepared.add(request["module"])
            answer = os.fork()
        if not answer and "module" in request:
            control.close()
            return _become(*descriptors, **request)
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(b"%d" % answer)


def _import_all(module: str) -> None:
    """Import what the program will; its own module is run anew."""
    for late in _LATE.get(module, "").split():
        import_module(late)
    if module == "daemons.model":
        sys.modules["daemons.model.official_library"].build_types()
    name = f"{module}.__main__" if hasattr(import_module(module), "__path__") else module
    import_module(name)
    del sys.modules[name]
    gc.collect()
    gc.freeze()


def _become(output: int, errors: int, *, module: str, words: list[str], environment: Mapping[str, str]) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, ours in ((output, 1), (errors, 2)):
        os.dup2(descriptor, ours)
        os.close(descriptor)
    sys.argv[1:] = words
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
