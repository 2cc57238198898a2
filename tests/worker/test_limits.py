"""A run that a limit ends is counted under that limit's name, and the person is told which it was."""

import pytest
from prometheus_client import REGISTRY

from daemons.worker.limits import check_limit
from daemons.worker.sandbox import RunLimits
from shared.domain.errors import TooLarge
from tests.support.sandbox_run import run_in_sandbox
from tests.support.slowness import SLOWNESS

pytestmark = pytest.mark.usefixtures("sandbox")

_SECONDS = 60 * SLOWNESS
_CHILDREN = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        x = bytearray(b"x") * (100 << 20)
        time.sleep(600)
time.sleep(600)
"""
_FILES = """
import time
for n in range(20):
    try:
        open(str(n), "wb").write(bytes(1 << 20))
    except OSError:
        time.sleep(600)
"""
RUNS = {
    "time": ("import time; time.sleep(600)", RunLimits(wall_seconds=SLOWNESS), "took too long"),
    "memory": (_CHILDREN, RunLimits(wall_seconds=_SECONDS, memory_bytes=200 << 20), "used too much memory"),
    "workspace": (_FILES, RunLimits(wall_seconds=_SECONDS, workspace_bytes=16 << 20), "filled its space"),
    "output": (
        "import os\nwhile True: os.write(1, b'x' * 100 + b'\\n')",
        RunLimits(wall_seconds=_SECONDS, output_bytes=1 << 20),
        "too much text",
    ),
}


def kills(limit: str) -> float:
    return REGISTRY.get_sample_value("pagewright_sandbox_kills_total", {"limit": limit}) or 0


@pytest.mark.parametrize("limit", RUNS)
def test_each_limit_is_counted_by_its_name(limit: str) -> None:
    """I8: by the real sandbox."""
    code, limits, told = RUNS[limit]
    before = kills(limit)
    ended = run_in_sandbox(code, limits=limits).ended
    with pytest.raises(TooLarge, match=told):
        check_limit(ended.limit, "The edit", "Ask for less.")
    assert kills(limit) == before + 1


def test_a_run_within_its_limits_is_not_counted() -> None:
    ended = run_in_sandbox("print(1)").ended
    before = {limit: kills(limit) for limit in RUNS}
    check_limit(ended.limit, "The edit", "Ask for less.")
    assert {limit: kills(limit) for limit in RUNS} == before
