"""The systemd backend away from systemd: it makes no jail, and says why. In a booted machine it has bubblewrap's tests.

In a checkout there: `PAGEWRIGHT_WORKER_SANDBOX=/run/pagewright/job.sock pytest tests/worker tests/attacks`.
"""

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from daemons.worker.sandbox import Mount, Plan, RunLimits, SandboxUnavailable, choose_backend, open_session, protocol
from daemons.worker.sandbox.backends.bubblewrap import open_bubblewrap

_LIMITS = RunLimits(wall_seconds=60)
_PLAN = Plan(argv=("/usr/bin/true",), limits=_LIMITS)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """The socket that systemd would listen on."""
    with (
        TemporaryDirectory(prefix="pw") as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as one,
    ):
        one.bind(f"{folder}/job.sock")
        one.listen()
        yield one


def _refusal(path: str, plan: Plan = _PLAN) -> SandboxUnavailable:
    async def whole() -> None:
        async with open_session(plan, on_line=print, backend=choose_backend(path)):
            pass

    with pytest.raises(SandboxUnavailable) as caught:
        asyncio.run(whole())
    return caught.value


def _open_fds() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_bubblewrap_is_chosen_by_name() -> None:
    assert choose_backend("bubblewrap") is open_bubblewrap


def test_missing_socket_is_named() -> None:
    error = _refusal("/nowhere/job.sock")
    assert "/nowhere/job.sock" in error.reason
    assert "pagewright-job.socket" in error.hint


def test_mount_that_the_unit_has_not_is_refused(listener: socket.socket) -> None:
    """I7: what is visible inside is written in the unit; a plan can't add to it."""
    plan = Plan(argv=("/opt/x",), limits=_LIMITS, programs=(Mount(Path("/etc"), "/opt/x"),))
    assert "/opt/x" in _refusal(listener.getsockname(), plan).reason
    listener.setblocking(False)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_run_longer_than_the_unit_lasts_is_refused(listener: socket.socket) -> None:
    plan = Plan(argv=("/usr/bin/true",), limits=RunLimits(wall_seconds=1201))
    assert "1200 s" in _refusal(listener.getsockname(), plan).detail


def test_unit_that_does_not_start_is_an_error_of_the_sandbox(listener: socket.socket) -> None:
    """I8: systemd closes the connection of a unit that it can't start; nothing stays open."""

    async def whole() -> None:
        loop = asyncio.get_running_loop()
        running = asyncio.create_task(asyncio.to_thread(_refusal, listener.getsockname()))
        connection, _ = await loop.run_in_executor(None, listener.accept)
        connection.close()
        await running

    before = _open_fds()
    asyncio.run(whole())
    assert _open_fds() <= before


def test_unit_gets_a_lifeline_that_the_session_closes(listener: socket.socket) -> None:
    """I8: the runner sees the end of the session even if nothing is said any more."""

    async def whole() -> None:
        loop = asyncio.get_running_loop()
        running = asyncio.create_task(asyncio.to_thread(_refusal, listener.getsockname()))
        connection, _ = await loop.run_in_executor(None, listener.accept)
        with connection:
            message, (lifeline, *filters) = await loop.run_in_executor(None, protocol.receive, connection, 3)
        assert message == {"event": "unit"}
        assert all(os.pread(fd, 8, 0) for fd in filters)
        await running
        assert os.read(lifeline, 1) == b""
        for fd in (lifeline, *filters):
            os.close(fd)

    asyncio.run(whole())
