"""Attacks 30 and 31: whatever a program uses up or leaves running, its run ends and nothing of it stays (I8)."""

import secrets
import time

import pytest

from daemons.worker.sandbox import RunLimits
from shared.domain.errors import InvalidInput
from tests.support.sandbox_run import IS_UNIT, processes_with, run_in_sandbox
from tests.support.slowness import SLOWNESS

pytestmark = pytest.mark.usefixtures("sandbox")

_SECONDS = 60 * SLOWNESS


def test_fork_bomb_meets_the_process_limit() -> None:
    """I8: the kernel refuses the process after the last one allowed."""
    code = """
import os, time
count = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(600)
        count += 1
except OSError as error:
    print(count, error.errno)
"""
    run = run_in_sandbox(code, limits=RunLimits(wall_seconds=_SECONDS, processes=50))
    count, error = run.lines[0].split()
    assert 40 <= int(count) <= 50
    assert error == b"11"
    assert run.ended.exit_code == 0


def test_unbounded_fork_bomb_ends_with_its_time() -> None:
    """I8: a bomb that never gives up is gone when its time is over."""
    run = run_in_sandbox(
        "import os\nwhile True:\n try: os.fork()\n except OSError: pass", limits=RunLimits(wall_seconds=SLOWNESS)
    )
    assert run.ended.limit == "time"


def test_memory_of_one_process_is_bounded_by_the_kernel() -> None:
    run = run_in_sandbox("x = bytearray(400 << 20)", limits=RunLimits(wall_seconds=_SECONDS, memory_bytes=256 << 20))
    assert run.ended.exit_code == 1
    assert b"MemoryError" in run.ended.error_output


def test_memory_of_all_processes_is_watched() -> None:
    """Each child stays below the limit, all of them together do not."""
    code = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        x = bytearray(b"x") * (100 << 20)
        time.sleep(600)
time.sleep(600)
"""
    run = run_in_sandbox(code, limits=RunLimits(wall_seconds=_SECONDS, memory_bytes=200 << 20))
    assert run.ended.limit == "memory"


def test_full_workspace_ends_the_run() -> None:
    code = """
import time
try:
    with open('/ws/big', 'wb') as file:
        while True: file.write(bytes(1 << 20))
except OSError as error:
    print(error.errno, flush=True)
time.sleep(600)
"""
    run = run_in_sandbox(code, limits=RunLimits(wall_seconds=_SECONDS, workspace_bytes=16 << 20))
    # A unit's space is larger than the largest file. The run may be ended before it says so.
    assert run.lines in ([], [b"27" if IS_UNIT else b"28"])
    assert run.ended.limit == "workspace"


@pytest.mark.parametrize("folder", ["/ws", "/agent", "/scratch", "/dev/shm"])
def test_too_many_files_anywhere_end_the_run(folder: str) -> None:
    code = f"import itertools\nfor n in itertools.count(): open('{folder}/%d' % n, 'w').close()"
    assert (
        run_in_sandbox(code, limits=RunLimits(wall_seconds=_SECONDS, workspace_files=5000)).ended.limit == "workspace"
    )


def test_every_writable_place_has_a_size() -> None:
    """All that can be written is listed, and each place is full before it hurts the machine."""
    code = """
import os
for line in open('/proc/self/mountinfo'):
    target = line.split()[4]
    try:
        open(target + '/new', 'w').close()
    except OSError:
        continue
    stat = os.statvfs(target)
    print(target, stat.f_blocks * stat.f_frsize)
"""
    sizes = dict(line.split() for line in run_in_sandbox(code).lines)
    assert sizes.keys() == {b"/ws", b"/agent", b"/scratch", b"/dev/shm"}
    assert all(int(size) <= 256 << 20 for size in sizes.values())


def test_sparse_giant_meets_the_file_limit() -> None:
    run = run_in_sandbox("import os\nos.truncate(os.open('/ws/a', os.O_CREAT | os.O_RDWR), 1 << 40)")
    assert run.ended.exit_code != 0
    assert b"File too large" in run.ended.error_output


def test_sleeping_for_ever_ends_with_its_time() -> None:
    started = time.monotonic()
    run = run_in_sandbox(
        "import time; print('up', flush=True); time.sleep(9999)", limits=RunLimits(wall_seconds=SLOWNESS)
    )
    assert run.ended.limit == "time"
    assert run.ended.exit_code is None
    assert run.lines == [b"up"]
    assert time.monotonic() - started < 5 * SLOWNESS


def test_daemon_that_ignores_every_signal_does_not_survive() -> None:
    """I8: it has its own session, ignores TERM and HUP, and outlives its parent, but not the run."""
    marker = secrets.token_hex(8)
    code = f"""
import os, signal, time
if os.fork() == 0:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT): signal.signal(number, signal.SIG_IGN)
    if os.fork() == 0:
        open('/ws/started', 'w').close()
        os.execv('/usr/bin/python3', ['python3', '-c', 'import time; time.sleep(9999)', '{marker}'])
    os._exit(0)
while not os.path.exists('/ws/started'): time.sleep(0.01)
"""
    run = run_in_sandbox(code)
    assert run.ended.exit_code == 0
    assert run.ended.tree == {"started": b""}
    assert processes_with(marker) == []


def test_daemon_that_keeps_stdout_open_does_not_delay_the_end() -> None:
    started = time.monotonic()
    run = run_in_sandbox("import os, time\nif os.fork() == 0: time.sleep(9999)")
    assert run.ended.exit_code == 0
    assert time.monotonic() - started < 5 * SLOWNESS


@pytest.mark.parametrize("stream", [1, 2])
def test_endless_output_is_cut_off(stream: int) -> None:
    code = f"import os\nwhile True: os.write({stream}, b'x' * 100 + b'\\n')"
    run = run_in_sandbox(code, limits=RunLimits(wall_seconds=_SECONDS, output_bytes=1 << 20))
    assert run.ended.limit == "output"
    assert len(run.ended.error_output) <= 16 << 10


def test_endless_line_is_cut_off() -> None:
    """Attack 45: no line grows beyond its cap in the worker's memory."""
    code = "import os\nwhile True: os.write(1, b'x' * 1000)"
    run = run_in_sandbox(code, limits=RunLimits(wall_seconds=_SECONDS, line_bytes=1 << 16))
    assert run.ended.limit == "output"
    assert run.lines == []


def test_deep_folders_are_refused_not_followed() -> None:
    """Attack 37: 1500 folders deep, which recursion would not survive."""
    code = "import os\nfor _ in range(1500): os.mkdir('d'); os.chdir('d')\nopen('f', 'w').close()"
    with pytest.raises(InvalidInput, match="lies too deep"):
        run_in_sandbox(code)


def test_flood_of_empty_folders_is_refused() -> None:
    code = "import os\nfor n in range(12000): os.mkdir(str(n))"
    with pytest.raises(Exception, match="too many"):
        run_in_sandbox(code)
