"""The linters are tests: one command tells the whole truth."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp

import pytest

from cli.local.folder import open_run_folder
from cli.local.nginx import nginx_program
from cli.local.programs import Ports

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent

COMMANDS = {
    "ruff": [f"{BIN}/ruff", "check", "--quiet", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "--quiet", "--diff", "."],
    "mypy": [f"{BIN}/mypy", "--no-error-summary"],
    "mypy-docs": [f"{BIN}/mypy", "--no-error-summary", "docs/settings_page.py", "docs/pictures.py"],
    "mypy-ansible": [f"{BIN}/mypy", "--no-error-summary", "--scripts-are-modules", "ansible/filter_plugins"],
    "shellcheck": [f"{BIN}/shellcheck", *sorted(map(str, (ROOT / "bin").iterdir())), ".ci/run"],
}


def tracked_files() -> list[Path]:
    """Every file of the project, also one not yet committed, as paths below the root."""
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, timeout=30,
    )  # fmt: skip
    names = listing.stdout.decode().rstrip("\0").split("\0")
    return sorted(Path(name) for name in names if (ROOT / name).is_file())


def run_linter(command: list[str]) -> None:
    """Fail with the linter's own words and nothing else."""
    environment = {"PATH": f"{BIN}:{os.defpath}", "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=300)
    if done.returncode:
        pytest.fail(done.stdout + done.stderr, pytrace=False)


# In one process, one after the other, mypy reads each file once and keeps what it found for the next.
_GROUPS = {name: [pytest.mark.xdist_group("mypy")] for name in COMMANDS if name.startswith("mypy")}


@pytest.mark.parametrize("name", [pytest.param(name, marks=_GROUPS.get(name, [])) for name in COMMANDS])
def test_linter(name: str) -> None:
    run_linter(COMMANDS[name])


def test_spelling() -> None:
    skipped = (
        ".lock",
        "package-lock.json",
        ".min.js",
        ".po",
        ".min.css",
        ".jpg",
        ".png",
        ".woff2",
        "types.conf",
        "media_types.txt",
    )
    files = [os.fspath(file) for file in tracked_files() if not file.name.endswith(skipped)]
    run_linter([f"{BIN}/codespell", "--ignore-words=tests/spelling.txt", *files])


def test_nginx_accepts_its_configuration() -> None:
    root = Path(mkdtemp(prefix="pw"))
    run_linter([*nginx_program(open_run_folder(root / "run"), Ports()).command, "-q", "-t"])
    shutil.rmtree(root)
