"""The self-test says what is missing, and where the whole jail can't be made there is none."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from daemons.worker.sandbox import Mount, run_self_test
from tests.support.sandbox_run import BACKEND, of_bubblewrap, run_in_sandbox

pytestmark = pytest.mark.usefixtures("sandbox")

_ROOT = Path(__file__).parents[3]
_ASK = """
from daemons.worker.sandbox import SandboxUnavailable, run_self_test
try:
    run_self_test()
except SandboxUnavailable as error:
    print(error.detail, error.hint)
else:
    print("usable")
"""


def test_this_machine_is_usable() -> None:
    run_self_test(BACKEND)


@of_bubblewrap
def test_missing_bubblewrap_is_named() -> None:
    """In a view of this machine in which bubblewrap is no program."""
    hide = ["bwrap", "--dev-bind", "/", "/", "--ro-bind", "/dev/null", "/usr/bin/bwrap"]
    asked = subprocess.run(
        [*hide, sys.executable, "-B", "-c", _ASK],
        cwd=_ROOT,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "bubblewrap, which is not installed" in asked.stdout
    assert "apt install bubblewrap" in asked.stdout


@of_bubblewrap
def test_half_a_jail_is_no_jail() -> None:
    """I7: where the kernel refuses a part, as inside a sandbox, the answer is an error and not a weaker sandbox."""
    packages = sysconfig.get_paths()["purelib"]
    mounts = (
        Mount(Path(packages), "/opt/packages"),
        Mount(_ROOT / "daemons", "/opt/project/daemons"),
        Mount(_ROOT / "shared", "/opt/project/shared"),
    )
    run = run_in_sandbox(_ASK, programs=mounts, env={"PYTHONPATH": "/opt/project:/opt/packages"})
    assert run.ended.exit_code == 0, run.ended.error_output.decode()
    assert b"sandbox" in run.lines[0]
    assert b"usable" not in run.lines[0].split()
