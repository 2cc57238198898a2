"""`bin/setup`: at once when there is nothing to do, and a sentence with a way out when it can't be done."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.test_linters import ROOT

_INPUTS = ("bin/setup", "requirements-build.lock", "requirements-dev.lock", "package-lock.json")
_TOOLS = "bash cat cp dirname env df flock id mkdir printf pwd readlink rm sed sha256sum tail uname".split()


def set_up(folder: Path, path: str, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path, "HOME": os.fspath(folder), "LANG": "C.UTF-8"}
    return subprocess.run(
        ["/bin/bash", folder / "bin/setup", *words],
        env=environment, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What set-up reads, and nothing else."""
    for name in _INPUTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PATH with the basic tools of any Linux machine, but no package manager."""
    folder = tmp_path_factory.mktemp("tools")
    for name in _TOOLS:
        (folder / name).symlink_to(shutil.which(name) or f"/usr/bin/{name}")
    return folder


def test_a_second_start_takes_well_under_a_second() -> None:
    """Measured as processor time, which a busy machine does not change."""
    before = os.times()
    done = subprocess.run([ROOT / "bin/setup", "--check"], check=False, timeout=60, capture_output=True, text=True)
    after = os.times()
    assert (done.returncode, done.stderr) == (0, "")
    assert after.children_user + after.children_system - before.children_user - before.children_system < 0.5


def test_check_changes_nothing(checkout: Path) -> None:
    done = set_up(checkout, os.defpath, "--check")
    assert (done.returncode, "Run: make setup" in done.stderr) == (1, True)
    assert {path.name for path in checkout.iterdir()} == {name.partition("/")[0] for name in _INPUTS}


def test_an_unknown_system_is_left_alone(checkout: Path, tools: Path) -> None:
    done = set_up(checkout, os.fspath(tools))
    assert done.returncode == 1
    assert "the set-up knows Debian and Ubuntu only" in done.stderr
    assert not (checkout / ".venv").exists()


def test_without_sudo_it_names_the_packages_and_the_command(checkout: Path, tools: Path) -> None:
    """A package that no machine has stands for one that is missing here."""
    script = checkout / "bin/setup"
    script.write_text(script.read_text().replace("packages=(", "packages=(pagewright-test-no-such-package"))
    for name in ("apt-get", "dpkg-query"):
        (tools / name).symlink_to(f"/usr/bin/{name}")
    script.write_text(script.read_text().replace("((EUID == 0))", "false"))
    done = set_up(checkout, os.fspath(tools))
    assert done.returncode == 1
    assert "sudo does not work" in done.stderr
    assert "apt-get install --no-install-recommends pagewright-test-no-such-package" in done.stderr
