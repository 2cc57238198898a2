"""I7: our programs in a sandbox import what is mounted for them, and find nothing else of ours or of others there."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from daemons.worker.sandbox.python_packages import LIBRARY_FILES, OWN_FOLDERS

_ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Two folders that lead to what is mounted."""
    for home, names, folder in (
        (_ROOT, {folder: folder for folder in OWN_FOLDERS}, tmp_path / "project"),
        (Path(sysconfig.get_paths()["purelib"]), LIBRARY_FILES, tmp_path / "libraries"),
    ):
        for place, name in names.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).symlink_to(home / name)
    return f"{tmp_path / 'project'}:{tmp_path / 'libraries'}"


def python(path: str, statement: str) -> subprocess.CompletedProcess[str]:
    """What the machine's own Python does with nothing but this path, as in a sandbox."""
    start = f"import sys; sys.path[:0] = {path.split(':')!r}; {statement}"
    command = [f"/usr/bin/python3.{sys.version_info.minor}", "-I", "-S", "-B", "-c", start]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("program", ["attachments", "checks", "importing"])
def test_a_program_imports_no_more_than_is_there(path: str, program: str) -> None:
    done = python(path, f"import daemons.worker.{program}.program, playwright.async_api, playwright.sync_api")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", ["daemons.api", "daemons.worker.sandbox", "shared.clients", "cryptography", "redis"])
def test_nothing_else_is_there(path: str, module: str) -> None:
    assert "ModuleNotFoundError" in python(path, f"import {module}").stderr
