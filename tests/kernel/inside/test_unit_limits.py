"""What `pagewright-job@.service` may use: the kernel holds each limit by itself, even if a plan asks for more (I8)."""

import pytest

from daemons.worker.sandbox import RunLimits
from tests.kernel.inside.systemd_here import JOB_UNIT, settings
from tests.support.sandbox_run import run_in_sandbox
from tests.support.slowness import SLOWNESS

pytestmark = pytest.mark.kernel

# A plan without limits, so that only the unit's are left.
BOUNDLESS = RunLimits(
    wall_seconds=60 * SLOWNESS,
    memory_bytes=1 << 40,
    processes=1 << 20,
    workspace_bytes=1 << 40,
    workspace_files=1 << 40,
    file_bytes=1 << 40,
)
SHARED_MEMORY = """
import mmap, time
with open('/dev/zero', 'r+b') as zeros:
    memory = mmap.mmap(zeros.fileno(), {megabytes} << 20)
for place in range(0, len(memory), 4096): memory[place] = 1
print('taken', flush=True)
"""


def test_memory_that_no_look_counts() -> None:
    """Shared memory of all processes: the kernel kills the run, and people are told why."""
    with settings(JOB_UNIT, "MemoryMax=100M"):
        run = run_in_sandbox(SHARED_MEMORY.format(megabytes=50), limits=BOUNDLESS)
        assert (run.ended.limit, run.lines) == (None, [b"taken"])
        run = run_in_sandbox(SHARED_MEMORY.format(megabytes=200), limits=BOUNDLESS)
        assert (run.ended.limit, run.lines) == ("memory", [])


def test_files_are_memory() -> None:
    """What lies in the workspace and the other places counts, too."""
    code = """
for place in '/ws', '/agent', '/scratch':
    with open(f'{place}/big', 'wb') as file:
        for _ in range(60): file.write(bytes(1 << 20))
"""
    with settings(JOB_UNIT, "MemoryMax=120M"):
        assert run_in_sandbox(code, limits=BOUNDLESS).ended.limit == "memory"


def test_processes() -> None:
    code = """
import os, time
count = 0
try:
    while True:
        if os.fork() == 0: time.sleep(9999)
        count += 1
except OSError as error:
    print(count, error.errno)
"""
    with settings(JOB_UNIT, "TasksMax=30"):
        [line] = run_in_sandbox(code, limits=BOUNDLESS).lines
    count, error = map(int, line.split())
    assert 20 <= count <= 30
    assert error == 11


def test_size_of_a_file() -> None:
    code = """
import os
file = os.open('/scratch/big', os.O_CREAT | os.O_RDWR)
os.truncate(file, 256 << 20)
try: os.truncate(file, (256 << 20) + 1)
except OSError as error: print(error.errno)
"""
    assert run_in_sandbox(code, limits=BOUNDLESS).lines == [b"27"]


def test_space_of_the_workspace() -> None:
    code = """
import itertools
written = 0
try:
    for number in itertools.count():
        with open(f'/ws/{number}', 'wb', 0) as file:
            for _ in range(16): written += file.write(bytes(4 << 20))
except OSError as error:
    print(written >> 20, error.errno)
"""
    run = run_in_sandbox(code, limits=BOUNDLESS)
    assert run.lines == [b"256 28"]
    assert run.ended.limit == "workspace"


@pytest.mark.parametrize("place", ["/ws", "/agent", "/scratch", "/dev/shm"])
def test_number_of_files(place: str) -> None:
    code = f"""
count = 0
try:
    while True:
        open('{place}/%d' % count, 'w').close()
        count += 1
except OSError as error:
    print(error.errno, 20000 < count < 20480)
"""
    assert run_in_sandbox(code, limits=BOUNDLESS, collect="nothing").lines == [b"28 True"]


def test_time_of_a_unit_that_nobody_watches() -> None:
    """The worker's clock comes first; this one is for a worker that has none any more."""
    with settings(JOB_UNIT, "RuntimeMaxSec=5s"):
        assert run_in_sandbox("import time; time.sleep(9999)", limits=BOUNDLESS).ended.limit == "crash"
