"""The bubblewrap backend: no weaker jail than was planned, and nothing of the worker in it."""

import asyncio
import os
import pwd
import secrets
from contextlib import ExitStack
from pathlib import Path

import pytest

from daemons.worker.sandbox import Mount, SandboxUnavailable
from daemons.worker.sandbox.backends.bubblewrap import inner_user, memory_file
from tests.support.sandbox_run import of_bubblewrap, open_session, processes_with, python_plan, run_in_sandbox

pytestmark = pytest.mark.usefixtures("sandbox")


@of_bubblewrap
def test_missing_mount_is_an_error_of_the_sandbox() -> None:
    """There is no weaker jail than the one that was planned."""
    with pytest.raises(SandboxUnavailable) as caught:
        run_in_sandbox("pass", programs=(Mount(Path("/nowhere"), "/opt/x"),))
    assert "/nowhere" in caught.value.reason


@of_bubblewrap
def test_host_processes_of_the_sandbox_carry_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """I7, attack 2: not even the program that makes the jail is started with the worker's environment."""
    monkeypatch.setenv("PAGEWRIGHT_SECRET", "hunter2")
    marker = secrets.token_hex(8)

    async def whole() -> list[bytes | None]:
        async with open_session(python_plan(f"import time; time.sleep(600)  # {marker}", warm=True), on_line=print):
            while not (found := processes_with(marker)):
                await asyncio.sleep(0.02)
            chain = [found[0]]
            while chain[-1] != os.getpid():
                chain.append(int(Path(f"/proc/{chain[-1]}/stat").read_text().rsplit(")", 1)[1].split()[1]))
            return [_environment(process) for process in chain[:-1]]

    program, *jail = asyncio.run(whole())
    assert len(jail) == 2
    assert program
    assert b"hunter2" not in program
    assert set(jail) <= {b"", b"PWD=/\0", None}  # None: it can't even be read


def _environment(process: int) -> bytes | None:
    try:
        return Path(f"/proc/{process}/environ").read_bytes()
    except PermissionError:
        return None


def test_a_user_inside_is_nobody_on_this_machine() -> None:
    """I7: root's jail gets a number that has no account; an ordinary user's is mapped to 1000."""
    users = {inner_user() for _ in range(20)}
    assert {user.from_root for user in users} == {os.geteuid() == 0}
    numbers = {user.number for user in users}
    assert numbers == {1000} or not numbers & {entry.pw_uid for entry in pwd.getpwall()}


def test_a_file_in_memory_holds_its_bytes_until_its_end() -> None:
    with ExitStack() as stack:
        fd = memory_file(b"x" * 70_000, stack)
        assert os.pread(fd, 100_000, 0) == b"x" * 70_000
        assert os.lseek(fd, 0, os.SEEK_CUR) == 0, "whoever inherits it reads it from the start"
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)
