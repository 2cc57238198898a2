"""The bubblewrap backend: starts a jail from a plan, and ends it.

It maps an ordinary user to another number. As root it makes the user namespace itself, and the runner becomes a user
that nobody else is, so that nothing inside is ever the machine's root.
"""

import asyncio
import functools
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from daemons.worker.sandbox.backends import seccomp as system_calls
from daemons.worker.sandbox.backends.bubblewrap_arguments import RUNNER_ROOT, User, arguments
from daemons.worker.sandbox.backends.user_namespace import open_user_namespace
from daemons.worker.sandbox.jail import SandboxUnavailable
from daemons.worker.sandbox.plan import Plan
from daemons.worker.sandbox.readiness import wait_readable

_PYTHON = "/usr/bin/python3"
_INNER_USER = 1000
_DYNAMIC_USERS = range(61184, 65520)  # the numbers that systemd gives to DynamicUser=: nobody else has one
_START = f"import sys; sys.path.insert(0, {RUNNER_ROOT!r}); from daemons.worker.sandbox.inside.runner import main; "
_CHILD = re.compile(rb'"child-pid": (\d+)')
_START_SECONDS = 20.0
_END_SECONDS = 10.0


def inner_user() -> User:
    """The user inside: 1000 for an ordinary user; for root, a free number from systemd's dynamic range."""
    if os.geteuid() != 0:
        return User(_INNER_USER, from_root=False)
    while _is_taken(number := secrets.choice(_DYNAMIC_USERS)):
        pass
    return User(number, from_root=True)


def _is_taken(number: int) -> bool:
    try:
        pwd.getpwuid(number)
    except KeyError:
        return False
    return True


@functools.cache
def find_bubblewrap() -> str:
    """bubblewrap's path. Raises SandboxUnavailable."""
    found = shutil.which("bwrap", path="/usr/bin:/bin:/usr/local/bin")
    if not found:
        raise SandboxUnavailable("The sandbox needs bubblewrap, which is not installed.", "apt install bubblewrap")
    return found


@functools.cache
def _can_disable_userns() -> bool:
    """Whether bubblewrap can switch nested user namespaces off here; seccomp refuses them in any case."""
    line = [find_bubblewrap(), "--unshare-user", "--disable-userns", "--ro-bind", "/", "/", "/usr/bin/true"]
    return subprocess.run(line, env={}, capture_output=True, timeout=10, check=False).returncode == 0


@dataclass
class BubblewrapJail:
    """A running bubblewrap, with what the worker needs to talk to the runner inside and to end everything."""

    control: socket.socket
    process: subprocess.Popen[bytes]
    info: int
    messages: int
    first_process: int | None = None
    report: bytes = b""

    async def find_first_process(self) -> None:
        """Open process 1 inside as soon as bubblewrap reports its number; if bubblewrap fails, there is none."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_START_SECONDS):
                while not self._knows_first_process():
                    await wait_readable(self.info)

    def _knows_first_process(self) -> bool:
        """Read without waiting; whether bubblewrap has reported the number of process 1, or has ended its report."""
        try:
            part = os.read(self.info, 4096)
        except BlockingIOError:
            return False
        self.report += part
        found = _CHILD.search(self.report)  # the report comes in pieces, but a number in one
        if found and self.first_process is None:
            with suppress(ProcessLookupError):
                self.first_process = os.pidfd_open(int(found[1]))
        return found is not None or not part

    async def end(self) -> None:
        """Kill bubblewrap and the first process inside, with which the kernel ends all others, and wait for both.

        Bubblewrap reports that process before it lets it go on; until then both are in one process group.
        """
        if self.process.returncode is not None:
            return
        self._knows_first_process()
        if self.first_process is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.first_process, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        try:
            if self.first_process is not None:
                async with asyncio.timeout(_END_SECONDS):
                    await wait_readable(self.first_process)
        finally:
            await asyncio.to_thread(self.process.wait, _END_SECONDS)

    def killed_by(self) -> str | None:
        """None: the jail has no cgroup of its own, so the kernel does not count for it."""
        return None

    def diagnostics(self) -> str:
        """The last lines that bubblewrap or the runner wrote to stderr."""
        size = os.fstat(self.messages).st_size
        return os.pread(self.messages, 2000, max(0, size - 2000)).decode(errors="replace").strip()


@asynccontextmanager
async def open_bubblewrap(plan: Plan) -> AsyncIterator[BubblewrapJail]:
    """A jail made by bubblewrap. Raises SandboxUnavailable if bubblewrap can't be started.

    The jail dies with the thread that opens it, and so ends when the worker is killed.
    """
    with ExitStack() as stack:
        try:
            jail = _start(plan, stack)
        except OSError as error:
            raise SandboxUnavailable("The sandbox can't be started.", reason=str(error)) from None
        try:
            await jail.find_first_process()
            yield jail
        finally:
            await jail.end()
            if jail.first_process is not None:
                os.close(jail.first_process)


def _start(plan: Plan, stack: ExitStack) -> BubblewrapJail:
    user = inner_user()
    ours, theirs = (stack.enter_context(end) for end in socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET))
    ours.setblocking(False)
    info_reader, info_writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    stack.callback(os.close, info_reader)
    messages = memory_file(b"", stack)
    with ExitStack() as inherited:
        inherited.callback(os.close, info_writer)
        fds = {name: memory_file(data, inherited) for name, data in _data_files(user).items()} | {"info": info_writer}
        if user.from_root:
            fds["userns"] = open_user_namespace()
            inherited.callback(os.close, fds["userns"])
        disable_userns = not user.from_root and _can_disable_userns()
        line = arguments(plan, user, disable_userns=disable_userns, data_fds=fds)
        args = memory_file(b"".join(os.fsencode(part) + b"\0" for part in line), inherited)
        call = f"{_START}main({theirs.fileno()}, {user.number if user.from_root else None})"
        process = subprocess.Popen(
            [find_bubblewrap(), "--args", str(args), "--", _PYTHON, "-I", "-S", "-B", "-c", call],
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=messages,
            pass_fds=(args, theirs.fileno(), *fds.values()),
            start_new_session=True,
        )
    theirs.close()
    return BubblewrapJail(ours, process, info_reader, messages)


def _data_files(user: User) -> dict[str, bytes]:
    calls, refusals = call_filters()
    return {
        "passwd": f"agent:x:{user.number}:{user.number}:agent:/agent:/bin/sh\n".encode(),
        "group": f"agent:x:{user.number}:\n".encode(),
        "calls": calls,
        "refusals": refusals,
    }


def call_filters() -> tuple[bytes, bytes]:
    """The two filters of system calls, compiled. Raises SandboxUnavailable."""
    try:
        return system_calls.compiled_filters()
    except (RuntimeError, OSError) as error:
        raise SandboxUnavailable(
            "The sandbox's filter of system calls can't be made.", "apt install libseccomp2", str(error)
        ) from None


def memory_file(data: bytes, stack: ExitStack) -> int:
    """An unnamed file in memory that holds `data`; the stack closes it."""
    fd = os.memfd_create("sandbox")
    stack.callback(os.close, fd)
    os.write(fd, data)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd
