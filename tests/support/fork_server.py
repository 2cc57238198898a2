"""Starts daemons from a process that has imported them already: a test pays a fork, not half a second of imports.

Each daemon is a process of its own all the same, and runs its `__main__` with its own environment and output. As a
program, this file is the process that forks. It answers one request after the other, so it needs no threads.
"""

import gc
import json
import os
import runpy
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_DAEMONS = ("api", "deployer", "model", "storage")
# What they import as late as their start.
_LATE = "aiosqlite alembic.command anyio._backends._asyncio httpcore uvicorn.protocols.http.httptools_impl".split()
_REQUEST_BYTES = 1 << 16


class ForkedDaemon:
    """A daemon that the server has forked, with what tests use of a `subprocess.Popen`."""

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
    """The process that forks daemons; it starts with the first of them, which are the caller's to end."""

    def __init__(self) -> None:
        self._asking = threading.Lock()
        self._ends = ExitStack()
        self._control: socket.socket | None = None

    def start(self, daemon: str, environment: Mapping[str, str], output: int) -> ForkedDaemon:
        """What `python -m daemons.DAEMON` would be, with this environment and output."""
        return ForkedDaemon(self, self.ask({"daemon": daemon, "environment": dict(environment)}, output))

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
    """Answer until nobody can ask any more. In a forked process it returns once the daemon has ended."""
    for module in _LATE:
        import_module(module)
    for name in _DAEMONS:
        import_module(f"daemons.{name}.__main__")
        del sys.modules[f"daemons.{name}.__main__"]  # it is run anew
    gc.freeze()
    while (received := socket.recv_fds(control, _REQUEST_BYTES, 1))[0]:
        request, descriptors = json.loads(received[0]), received[1]
        if "reap" in request:
            answer = os.waitstatus_to_exitcode(os.waitpid(request["reap"], 0)[1])
        elif not (answer := os.fork()):
            control.close()
            return _become(request["daemon"], request["environment"], *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(b"%d" % answer)


def _become(daemon: str, environment: Mapping[str, str], output: int) -> None:
    os.environ.clear()
    os.environ.update(environment)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.close(output)
    runpy.run_module(f"daemons.{daemon}", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
