"""However a session ends, nothing of it stays: no process, no file, no descriptor (I8)."""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.sandbox_run import open_session, processes_with, python_plan, run_in_sandbox

pytestmark = pytest.mark.usefixtures("sandbox")


def _open_fds() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _until_gone(marker: str, seconds: float) -> None:
    """Wait until no process with the marker is left."""
    started = time.monotonic()
    while processes_with(marker):
        assert time.monotonic() - started < seconds, "something of the sandbox is still running"
        time.sleep(0.02)


def test_leaving_early_ends_everything() -> None:
    """I8: a session that is left without a run."""
    marker = secrets.token_hex(8)

    async def whole() -> None:
        async with open_session(python_plan(f"import time; time.sleep(600)  # {marker}", warm=True), on_line=print):
            while not processes_with(marker):
                await asyncio.sleep(0.02)

    asyncio.run(whole())
    assert processes_with(marker) == []


def test_cancelling_ends_everything_within_two_seconds() -> None:
    """I8."""
    marker = secrets.token_hex(8)
    code = f"import os, time; os.fork(); print('up', flush=True); time.sleep(600)  # {marker}"

    async def whole() -> float:
        up = asyncio.Event()

        async def run() -> None:
            async with open_session(python_plan(code), on_line=lambda _: up.set()) as session:
                await session.run({})

        task = asyncio.create_task(run())
        await up.wait()
        started = time.monotonic()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        return time.monotonic() - started

    assert asyncio.run(whole()) < 2
    assert processes_with(marker) == []


def test_cancelling_at_any_moment_of_the_start_leaves_nothing() -> None:
    """I8: whatever has been set up by then is taken down."""
    marker = secrets.token_hex(8)
    before = _open_fds()

    async def whole() -> None:
        async def run() -> None:
            plan = python_plan(f"import time; time.sleep(600)  # {marker}", warm=True)
            async with open_session(plan, on_line=print) as session:
                await session.run({})

        for milliseconds in range(0, 100, 7):
            task = asyncio.create_task(run())
            await asyncio.sleep(milliseconds / 1000)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(whole())
    assert processes_with(marker) == []
    assert _open_fds() <= before


def test_killed_worker_leaves_no_process() -> None:
    """I8: nobody is left to clean up, and still nothing stays."""
    marker = secrets.token_hex(8)
    program = f"""
import asyncio
from tests.support.sandbox_run import open_session, python_plan
code = "import os, time; os.fork() or os.setsid(); print('up', flush=True); time.sleep(600)  # {marker}"
async def main():
    async with open_session(python_plan(code), on_line=lambda _: print("up", flush=True)) as session:
        await session.run({{}})
asyncio.run(main())
"""
    environment = {name: os.environ[name] for name in ("PAGEWRIGHT_WORKER_SANDBOX",) if name in os.environ}
    environment |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"}
    worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment)
    assert worker.stdout
    with worker, worker.stdout:
        assert [worker.stdout.readline() for _ in range(2)] == [b"up\n", b"up\n"]
        inside = len(processes_with(marker)) - 1
        worker.send_signal(signal.SIGKILL)
    assert inside == 2
    _until_gone(marker, seconds=5)


def test_fifty_sessions_leak_no_descriptor() -> None:
    """I8."""
    run_in_sandbox("pass")
    before = _open_fds()
    for _ in range(50):
        run_in_sandbox("pass", {"a": b"1"})
    assert _open_fds() <= before


def test_files_disappear_with_the_session() -> None:
    """I8: workspaces live in memory only; the machine's temporary folders stay as they were."""
    name = secrets.token_hex(8)
    run_in_sandbox(f"[open(f'{{place}}/{name}', 'w') for place in ('/tmp', '/ws', '/agent', '/dev/shm')]")
    assert not [place for place in ("/tmp", "/dev/shm", "/var/tmp") if (Path(place) / name).exists()]
