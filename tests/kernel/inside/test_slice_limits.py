"""What all runs of a machine together may use: the daemons beside them keep their memory and their processor (I8)."""

import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.kernel.inside.systemd_here import JOB_UNIT, JOBS, runs, settings, systemctl, until
from tests.kernel.inside.test_unit_limits import BOUNDLESS, SHARED_MEMORY
from tests.support.sandbox_run import run_in_sandbox
from tests.support.slowness import SLOWNESS

pytestmark = pytest.mark.kernel

_SLICE = "pagewright-jobs.slice"
_DAEMON = "test-daemon.service"


def _value(cgroup: Path, name: str) -> str:
    return (cgroup / name).read_text().strip()


def test_three_quarters_of_the_memory_and_no_swap() -> None:
    run_in_sandbox("pass")
    total = int(Path("/proc/meminfo").read_text().split()[1]) << 10
    assert int(_value(JOBS, "memory.max")) == pytest.approx(total * 0.75, rel=0.01)
    assert (_value(JOBS, "memory.swap.max"), _value(JOBS, "pids.max")) == ("0", "4096")


def test_memory_of_all_runs_together() -> None:
    """The run that asks for the last of it is ended, and told so; the limit of its own unit is far away."""
    with settings(_SLICE, "MemoryMax=100M"):
        assert run_in_sandbox(SHARED_MEMORY.format(megabytes=200), limits=BOUNDLESS).ended.limit == "memory"


def test_hog_does_not_starve_a_daemon() -> None:
    """Twenty burning processes get a sixth of the processor, if a single daemon wants it, too."""
    hog = "import os, time\nfor _ in range(19): os.fork() == 0 and None\nwhile True: pass"
    ended: list[str | None] = []
    limits = BOUNDLESS.__class__(wall_seconds=20 * SLOWNESS)
    thread = threading.Thread(target=lambda: ended.append(run_in_sandbox(hog, limits=limits).ended.limit))
    burn = ["systemd-run", "--quiet", f"--unit={_DAEMON}", "--slice=pagewright.slice"]
    thread.start()
    subprocess.run([*burn, "/usr/bin/python3", "-c", "while True: pass"], check=True, timeout=30 * SLOWNESS)
    try:
        until(lambda: len(runs()) == 1 and int(_value(runs()[0], "pids.current")) >= 20, "the hog runs")
        daemon = JOBS.parent / _DAEMON
        before = _used(JOBS), _used(daemon)
        time.sleep(5)
        mine, other = _used(JOBS) - before[0], _used(daemon) - before[1]
    finally:
        systemctl("stop", _DAEMON)
        thread.join()
    assert 0.02 < mine / (mine + other) < 0.3
    assert ended == ["time"]


def _used(cgroup: Path) -> int:
    """Microseconds of the processor."""
    return int(dict(line.split() for line in _value(cgroup, "cpu.stat").splitlines())["usage_usec"])


def test_weight_of_a_run() -> None:
    """Files are read and written after everybody else's, too; the setting reaches the kernel."""
    assert JOB_UNIT in systemctl("cat", JOB_UNIT)
    assert _value(JOBS, "cpu.weight") == "20"
