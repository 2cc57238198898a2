"""The first process inside the sandbox: places the workspace, runs the program under limits, returns what it left.

It has the standard library only, and starts as `main(control, uid)`. The messages on its one SOCK_SEQPACKET socket:

    → unit                                                            to systemd's jail: with a lifeline and two filters
    → start  {argv, environment, relay_port, warm, collect, limits}   with stdin, stdout, stderr and the home's payload
    ← ready                                                           with the relay's listening socket, if any
    → work                                                            with the workspace's payload and an empty one
    ← placed                                                          now stdin may come
    ← ended  {exit_code, limit, refused}                              the empty payload is filled, nothing else runs

Or `failed {why}` if the program can't be started. When the socket closes, the runner and all inside end.
"""

import ctypes
import fcntl
import os
import resource
import select
import signal
import socket
import struct
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from daemons.worker.sandbox import protocol
from daemons.worker.sandbox.inside import usage, workspace

WORKSPACE = "/ws"
HOME = "/agent"
SCRATCH = ("/scratch", "/dev/shm")  # noqa: S108

_LOOK_MILLISECONDS = 250
_OPEN_FILES = 4096
_NICENESS = 5  # a program that takes all of the processor must not keep the worker from renewing its lease
_PDEATHSIG, _DUMPABLE, _SUBREAPER = 1, 4, 36
_SETSIG = 10
_SET_SECCOMP, _FILTER_MODE, _FILTER_BYTES = 22, 2, 8 * 4096
_FIRST_DYNAMIC_UID = 61184


class _SessionEnded(Exception):
    """The worker has closed the connection."""


class _LimitReached(Exception):
    """All processes together use more than the plan allows."""


def main(control: int, uid: int | None, *, unit: bool = False) -> None:
    """Serve one run. `uid` is the user to become if this process is root; `unit` says that systemd made the jail."""
    _protect_self(uid)
    with suppress(_SessionEnded), socket.socket(fileno=control) as connection:
        runner = _Runner(connection)
        if unit:
            runner.join_unit()
        runner.serve()


def _protect_self(uid: int | None) -> None:
    """Drop root, keep the program away from this process, and be the first to be killed when memory runs out."""
    with open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123
        file.write("1000")
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    if os.getuid() == 0 or not (os.getpid() == 1 or os.getuid() >= _FIRST_DYNAMIC_UID):
        raise SystemExit("The runner ends every process it may signal: it only runs inside a sandbox.")
    libc = ctypes.CDLL(None)
    libc.prctl(_PDEATHSIG, signal.SIGKILL)  # changing the user has cleared it
    libc.prctl(_DUMPABLE, 0)  # the program can't read or write this process's memory
    libc.prctl(_SUBREAPER, 1)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.umask(0o022)


@dataclass
class _Runner:
    control: socket.socket
    start: protocol.ControlMessage = field(default_factory=dict)
    streams: Sequence[int] = ()
    filters: Sequence[bytes] = ()
    program: subprocess.Popen[bytes] | None = None

    def serve(self) -> None:
        self.start, fds = self._receive(4)
        *self.streams, home = fds
        workspace.place(home, HOME)
        os.close(home)
        self._hand_out_relay_socket()
        try:
            self._run()
        except OSError as error:
            protocol.send(self.control, {"event": "failed", "why": error.strerror or ""})

    def join_unit(self) -> None:
        """Receive what the unit can't give: filters of system calls for the program, and a lifeline for the runner.

        The lifeline is a pipe. When its other end closes, the kernel kills the runner, even if the program stopped it.
        """
        _, (lifeline, *filters) = self._receive(3)
        self.filters = [os.pread(fd, _FILTER_BYTES, 0) for fd in filters]
        for fd in filters:
            os.close(fd)
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(lifeline, _SETSIG, signal.SIGKILL)
        fcntl.fcntl(lifeline, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
        with suppress(BlockingIOError):  # it may have been closed already
            os.read(lifeline, 1)
            raise _SessionEnded

    def _run(self) -> None:
        limit: str | None = None
        try:
            if self.start["warm"]:
                self._start_program()
            self._wait_for(self.control)
            _, (payload, empty) = self._receive(2)
            workspace.place(payload, WORKSPACE)
            self._start_program()
            protocol.send(self.control, {"event": "placed"})
            self._wait_for_program()
        except _LimitReached as reached:
            limit = str(reached)
        exit_code = self._end_everything()
        refused = None if limit else self._collect(empty)
        protocol.send(self.control, {"event": "ended", "exit_code": exit_code, "limit": limit, "refused": refused})

    def _receive(self, fd_count: int) -> tuple[protocol.ControlMessage, list[int]]:
        message, fds = protocol.receive(self.control, fd_count)
        if message is None or len(fds) != fd_count:
            raise _SessionEnded
        return message, fds

    def _hand_out_relay_socket(self) -> None:
        """Listen before the program starts, so that it can't take the address, and hand the socket to the worker."""
        if not self.start["relay_port"]:
            return protocol.send(self.control, {"event": "ready"})
        with socket.create_server(("127.0.0.1", self.start["relay_port"]), backlog=64) as listener:
            protocol.send(self.control, {"event": "ready"}, [listener.fileno()])

    def _start_program(self) -> None:
        if self.program:
            return
        stdin, stdout, stderr = self.streams
        self.program = subprocess.Popen(
            self.start["argv"],
            cwd=WORKSPACE,
            env=self.start["environment"],
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            preexec_fn=self._limit_program,  # noqa: PLW1509 (there are no threads here)
            start_new_session=True,
        )
        for stream in self.streams:
            os.close(stream)

    def _limit_program(self) -> None:
        """Set the kernel's limits between fork and exec, none above what this process has itself."""
        limits = self.start["limits"]
        with suppress(PermissionError):  # systemd forbids the call, and gives its unit a weight instead
            os.nice(_NICENESS)
        for kind, value in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NOFILE, _OPEN_FILES),
            (resource.RLIMIT_NPROC, limits["processes"]),
            (resource.RLIMIT_FSIZE, limits["file_bytes"]),
            (resource.RLIMIT_DATA, limits["memory_bytes"]),
            (resource.RLIMIT_CPU, limits["cpu_seconds"]),
            (resource.RLIMIT_MEMLOCK, 0),
        ):
            _, most = resource.getrlimit(kind)
            value = value if most == resource.RLIM_INFINITY else min(value, most)  # noqa: PLW2901
            resource.setrlimit(kind, (value, value))
        for code in self.filters:
            _forbid_calls(code)

    def _wait_for_program(self) -> None:
        assert self.program
        pidfd = os.pidfd_open(self.program.pid)
        try:
            self._wait_for(pidfd)
        finally:
            os.close(pidfd)

    def _wait_for(self, wanted: socket.socket | int) -> None:
        """Wait until `wanted` is readable; four times a second reap orphans and check what is in use.

        Check once more at the end: the program may have ended because something was full.
        """
        poll = select.poll()
        poll.register(self.control, select.POLLIN | select.POLLHUP)
        poll.register(wanted, select.POLLIN | select.POLLHUP)
        limits, ready = self.start["limits"], list[int]()
        while not ready:
            ready = [fd for fd, _ in poll.poll(_LOOK_MILLISECONDS)]
            self._reap_orphans()
            limit = usage.exceeded((WORKSPACE, HOME, *SCRATCH), limits)
            if limit:
                raise _LimitReached(limit)
        if wanted is not self.control and self.control.fileno() in ready:
            raise _SessionEnded  # the worker sends nothing while the program runs, so it has gone

    def _reap_orphans(self) -> None:
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        with suppress(ChildProcessError):
            while (child := os.waitid(os.P_ALL, 0, flags)) and not (self.program and child.si_pid == self.program.pid):
                os.waitpid(child.si_pid, 0)

    def _end_everything(self) -> int | None:
        """Kill and reap all that still runs; the program's exit code, or a signal as its negative number."""
        with suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        exit_code = self.program.wait() if self.program else None
        with suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
        return exit_code

    def _collect(self, empty: int) -> tuple[str, str] | None:
        limits = self.start["limits"]
        allowance = workspace.CollectLimits(
            limits["collected_files"], limits["collected_bytes"], limits["collected_file_bytes"]
        )
        try:
            workspace.collect(WORKSPACE, self.start["collect"], empty, allowance)
        except workspace.CollectRefused as refused:
            return refused.why, refused.path[:512]
        except protocol.BadPayload:
            return "many", ""
        return None


def _forbid_calls(code: bytes) -> None:
    """Put this process and its children under a filter of system calls (BPF), for good. Raises OSError."""
    instructions = ctypes.create_string_buffer(code, len(code))
    filter_program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(instructions))
    if ctypes.CDLL(None, use_errno=True).prctl(_SET_SECCOMP, _FILTER_MODE, filter_program) != 0:
        raise OSError(ctypes.get_errno(), "the filter of system calls can't be installed")
