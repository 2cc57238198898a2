"""The systemd backend: connecting to `pagewright-job.socket` makes systemd start a unit with a runner inside.

The unit file `pagewright-job@.service` says what is visible inside, not the plan: a plan that needs more is refused.
The runner is another user, whom only systemd can kill. So the worker holds a lifeline: a pipe. When its end closes, the
kernel kills the runner, as the runner has asked it to, and systemd kills what is left of the unit. The program gets the
same filters of system calls as with bubblewrap, on top of the unit's.
"""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from daemons.worker.sandbox import protocol
from daemons.worker.sandbox.backends.bubblewrap import call_filters, memory_file
from daemons.worker.sandbox.jail import Backend, Jail, SandboxUnavailable
from daemons.worker.sandbox.plan import Plan
from daemons.worker.sandbox.python_packages import TARGETS
from daemons.worker.sandbox.readiness import wait_readable

# What the unit binds, and how long it lets a run last (and a warm one wait): tests/test_units.py compares them.
UNIT_TARGETS = TARGETS | {"/etc/alternatives", "/etc/chromium.d", "/etc/fonts", "/opt/codex/codex"}
UNIT_SECONDS = 1200
# Where the kernel counts the processes that it killed for lack of memory, of all runs: the run's own cgroup is gone.
SLICE_EVENTS = Path("/sys/fs/cgroup/pagewright.slice/pagewright-jobs.slice/memory.events")

_END_SECONDS = 10.0
_JOURNAL = "`journalctl -t pagewright-job` has what systemd and the runner say."
_log = logging.getLogger(__name__)


@dataclass
class UnitJail:
    """A connection to a unit. systemd keeps the unit's end open until nothing of the unit is left."""

    control: socket.socket
    lifeline: ExitStack
    memory_kills: int

    async def end(self) -> None:
        """Close the lifeline, and wait until systemd has ended the unit."""
        self.lifeline.close()
        try:
            async with asyncio.timeout(_END_SECONDS):
                while not self._has_ended():
                    await wait_readable(self.control.fileno())
        except TimeoutError:
            _log.error("a sandbox did not end within %d s; systemd ends it later", _END_SECONDS)

    def _has_ended(self) -> bool:
        """Read without waiting; whether the connection has ended."""
        try:
            return not self.control.recv(protocol.MESSAGE_BYTES)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def killed_by(self) -> str | None:
        """The limit `memory` if the kernel has killed a process for it since this run began, else None."""
        return "memory" if _memory_kills() > self.memory_kills else None

    def diagnostics(self) -> str:
        """Where operators find what the unit wrote: only readers of the journal may see it."""
        return _JOURNAL


def job_unit(socket_path: Path) -> Backend:
    """The backend that connects to this socket."""

    def open_unit(plan: Plan) -> AbstractAsyncContextManager[Jail]:
        return open_job_unit(socket_path, plan)

    return open_unit


@asynccontextmanager
async def open_job_unit(socket_path: Path, plan: Plan) -> AsyncIterator[UnitJail]:
    """A jail made by systemd. Raises SandboxUnavailable if the unit can't start or lacks what the plan needs."""
    _check(plan)
    with ExitStack() as stack:
        control = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK))
        lifeline = stack.enter_context(ExitStack())
        theirs, ours = os.pipe()
        lifeline.callback(os.close, ours)
        try:
            filters = [memory_file(code, stack) for code in call_filters()]
            control.connect(os.fspath(socket_path))
            protocol.send(control, {"event": "unit"}, [theirs, *filters])
        except OSError as error:
            reason = f"{socket_path}: {error.strerror}"
            hint = "Run `systemctl status pagewright-job.socket` on the worker's host."
            raise SandboxUnavailable("The sandbox can't be started.", hint, reason) from None
        finally:
            os.close(theirs)
        jail = UnitJail(control, lifeline, _memory_kills())
        try:
            yield jail
        finally:
            await jail.end()


def _memory_kills() -> int:
    """How many processes of sandboxes the kernel has killed for lack of memory; 0 if it does not count."""
    with suppress(OSError):
        return int(dict(line.split() for line in SLICE_EVENTS.read_text().splitlines())["oom_kill"])
    return 0


def _check(plan: Plan) -> None:
    missing = {mount.target for mount in plan.programs} - UNIT_TARGETS
    if missing:
        raise SandboxUnavailable(
            "The sandbox's unit does not have all that this run needs.",
            "Install the unit pagewright-job@.service of this release.",
            f"not bound in the unit: {', '.join(sorted(missing))}",
        )
    if plan.limits.wall_seconds > UNIT_SECONDS:
        raise SandboxUnavailable(
            f"The sandbox's unit lets a run last {UNIT_SECONDS} s, and this one may last longer.",
            "Lower PAGEWRIGHT_WORKER_EDIT_SECONDS or PAGEWRIGHT_WORKER_CHECK_SECONDS.",
        )
