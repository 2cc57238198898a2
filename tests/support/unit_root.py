"""A root with the systemd units as on a machine, where systemd itself reads and judges them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.test_linters import ROOT

FOLDER = ROOT / "systemd"
# The units of the system that ours lean on, and the programs that they start.
_SYSTEM_UNITS = ("sysinit", "basic", "shutdown", "sockets", "timers", "network-online", "multi-user")
_PROGRAMS = (
    "usr/bin/python3",
    "usr/lib/systemd/systemd-socket-proxyd",
    "opt/pagewright/current/venv/bin/python",
)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A root with the units, and empty stand-ins for what they lean on; skips where systemd can't judge files."""
    version = int(_analyze("--version").stdout.split()[1])
    if version < 252:
        pytest.skip("systemd is older than Debian 12's")
    units = shutil.copytree(FOLDER, tmp_path / "etc/systemd/system")
    for name in _SYSTEM_UNITS:
        (units / f"{name}.target").write_text("[Unit]\nDescription=Of the system\n")
    for name in _PROGRAMS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    return tmp_path


def verify_units(root: Path, *names: str) -> None:
    """Fails unless systemd understands every line: it exits 0 on a key that it does not know, so it must be silent."""
    done = _analyze("verify", f"--root={root}", *(name.replace("@.", "@1.") for name in names))
    assert (done.stderr, done.stdout, done.returncode) == ("", "", 0)


def judge_exposure(root: Path, name: str, most: int) -> None:
    """Fails if a unit with its drop-ins is exposed more than `most` tenths."""
    unit = root / "etc/systemd/system" / name
    done = _analyze("security", "--no-pager", "--offline=true", f"--threshold={most}", str(unit))
    assert done.returncode == 0, done.stdout.splitlines()[-1:]


def _analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    assert program, "systemd-analyze is missing; `make setup` installs the package systemd"
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)
