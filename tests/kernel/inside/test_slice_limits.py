"""What all runs of a machine together may use: the daemons beside them keep their memory and their processor (I8)."""

import os
import secrets
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.kernel.inside.systemd_here import JOBS, settings, systemctl
from tests.kernel.inside.test_unit_limits import BOUNDLESS, SHARED_MEMORY
from tests.support.sandbox_run import processes_with, run_in_sandbox
from tests.support.slowness import SLOWNESS

pytestmark = pytest.mark.kernel

_SLICE = "pagewright-jobs.slice"
_DAEMON = "test-daemon.service"


def _value(cgroup: Path, name: str) -> str:
    return (cgroup / name).read_text().strip()


def test_three_quarters_of_the_memory_no_swap_and_least_weight() -> None:
    total = int(Path("/proc/meminfo").read_text().split()[1]) << 10
    assert int(_value(JOBS, "memory.max")) == pytest.approx(total * 0.75, rel=0.01)
    assert [_value(JOBS, name) for name in ("memory.swap.max", "pids.max", "cpu.weight")] == ["0", "4096", "20"]


def test_memory_of_all_runs_together() -> None:
    """The run that asks for the last of it is ended, and told so; the limit of its own unit is far away."""
    with settings(_SLICE, "MemoryMax=100M"):
        assert run_in_sandbox(SHARED_MEMORY.format(megabytes=200), limits=BOUNDLESS).ended.limit == "memory"


def test_hog_does_not_starve_a_daemon() -> None:
    """Twenty burning processes get a sixth of the processor, if a single daemon wants it, too."""
    marker, up = secrets.token_hex(8), threading.Event()
    hog = f"""
import os
children = 19
while children and os.fork(): children -= 1
if not children: print('up', flush=True)
while True: pass  # {marker}
"""
    kept = {"limits": BOUNDLESS, "on_line": lambda _: up.set()}
    thread = threading.Thread(target=run_in_sandbox, args=[hog], kwargs=kept)
    thread.start()
    assert up.wait(60 * SLOWNESS)
    burn = ["systemd-run", "--quiet", f"--unit={_DAEMON}", "--slice=pagewright.slice"]
    try:
        subprocess.run([*burn, "/usr/bin/python3", "-c", "while True: pass"], check=True, timeout=60 * SLOWNESS)
        daemon = JOBS.parent / _DAEMON
        before = _used(JOBS), _used(daemon)
        time.sleep(5)
        mine, other = _used(JOBS) - before[0], _used(daemon) - before[1]
    finally:
        systemctl("stop", _DAEMON)
        for process in processes_with(marker):
            os.kill(process, signal.SIGKILL)
        thread.join()
    assert 0.02 < mine / (mine + other) < 0.3


def _used(cgroup: Path) -> int:
    """Microseconds of the processor."""
    return int(dict(line.split() for line in _value(cgroup, "cpu.stat").splitlines())["usage_usec"])
