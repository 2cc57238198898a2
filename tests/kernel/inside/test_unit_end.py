"""However a run under systemd ends, nothing of it is left: no process, cgroup, unit, mount or file (I8)."""

import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from daemons.worker.sandbox import RunLimits
from tests.kernel.inside.systemd_here import runs, systemctl, until
from tests.support.sandbox_run import processes_with, run_in_sandbox
from tests.support.slowness import SLOWNESS

pytestmark = pytest.mark.kernel

_PLACES = ("/run", "/tmp", "/var/tmp", "/var/lib/private", "/var/lib/systemd", "/dev/shm")
# What the machine itself writes all the time.
_OTHERS = ("/run/log", "/run/systemd/journal", "/run/systemd/sessions", "/run/systemd/users", "/run/systemd/transient")
_ENDS = {
    "by itself": ("pass", 60),
    "by its time": ("import os, time; os.fork(); time.sleep(9999)", 1),
    "by killing the runner": ("import os; os.fork(); os.kill(os.getppid(), 9)", 60),
}


def _files() -> set[str]:
    found = {str(path) for place in _PLACES for path in Path(place).rglob("*")}
    return {path for path in found if not path.startswith(_OTHERS)}


def _mounts() -> list[str]:
    return sorted(line.split(" ", 4)[4] for line in Path("/proc/self/mountinfo").read_text().splitlines())


def _job_units() -> str:
    return systemctl("list-units", "--all", "--no-legend", "--plain", "pagewright-job@*")


@pytest.mark.parametrize("end", _ENDS)
def test_nothing_is_left(end: str) -> None:
    code, seconds = _ENDS[end]
    run_in_sandbox("pass")
    before = _files(), _mounts()
    marker = secrets.token_hex(8)
    run_in_sandbox(
        f"open('/ws/a', 'w').write('x')\n{code}  # {marker}", limits=RunLimits(wall_seconds=seconds * SLOWNESS)
    )
    assert processes_with(marker) == []
    until(lambda: not runs() and not _job_units(), "cgroup and unit are gone")
    assert (_files() - before[0], _mounts()) == (set(), before[1])


def test_killed_worker_empties_the_cgroup_at_once() -> None:
    """Nobody is left to clean up; the lifeline ends the runner, the runner's end ends the rest."""
    marker = secrets.token_hex(8)
    program = f"""
import asyncio
from tests.support.sandbox_run import open_session, python_plan
code = "import os, time; os.fork() or os.setsid(); print('up', flush=True); time.sleep(9999)  # {marker}"
async def main():
    async with open_session(python_plan(code), on_line=lambda _: print("up", flush=True)) as session:
        await session.run({{}})
asyncio.run(main())
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment)
    assert worker.stdout
    with worker, worker.stdout:
        assert [worker.stdout.readline() for _ in range(2)] == [b"up\n", b"up\n"]
        [cgroup] = runs()
        assert len((cgroup / "cgroup.procs").read_text().split()) == 3
        worker.send_signal(signal.SIGKILL)
    until(lambda: not runs(), "the cgroup is gone", 2)
    assert processes_with(marker) == []
