"""The first process inside: it ends with the worker, and the program can neither stop nor outlive it."""

import asyncio
import os
import secrets
import signal
import time
from pathlib import Path

import pytest

from daemons.worker.sandbox import RunLimits, RunResult
from tests.support.sandbox_run import open_session, processes_with, python_plan, run_in_sandbox

pytestmark = pytest.mark.usefixtures("sandbox")


def test_killed_runner_ends_the_run() -> None:
    """Attack 15, from outside: a broken sandbox is a failed run, not a hanging one."""
    marker = secrets.token_hex(8)

    async def whole() -> RunResult:
        code = f"import time; print('up', flush=True); time.sleep(600)  # {marker}"
        up = asyncio.Event()
        async with open_session(python_plan(code), on_line=lambda _: up.set()) as session:
            running = asyncio.create_task(session.run({}))
            await up.wait()
            [program] = processes_with(marker)
            runner = int(Path(f"/proc/{program}/stat").read_text().rsplit(")", 1)[1].split()[1])
            os.kill(runner, signal.SIGKILL)
            return await asyncio.wait_for(running, 5)

    assert asyncio.run(whole()).limit == "crash"
    assert processes_with(marker) == []


def test_program_that_stops_the_runner_gains_no_time() -> None:
    """Attack 15, I8: with bubblewrap the signal has no effect; a unit's runner has a lifeline."""
    marker = secrets.token_hex(8)
    code = f"import os, signal, time; os.kill(os.getppid(), signal.SIGSTOP); time.sleep(600)  # {marker}"
    started = time.monotonic()
    assert run_in_sandbox(code, limits=RunLimits(wall_seconds=1)).ended.limit == "time"
    assert time.monotonic() - started < 4
    assert processes_with(marker) == []


def test_program_that_kills_the_runner_is_gone_with_it() -> None:
    """Attack 15, I8."""
    marker = secrets.token_hex(8)
    code = f"import os, signal, time; os.kill(os.getppid(), signal.SIGKILL); time.sleep(600)  # {marker}"
    assert run_in_sandbox(code, limits=RunLimits(wall_seconds=1)).ended.limit in ("time", "crash")
    assert processes_with(marker) == []
