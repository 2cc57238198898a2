"""Vagrant understands the Vagrantfile, and makes of it the machines of the example inventories."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.left_out import package_missing
from tests.test_linters import ROOT

pytestmark = pytest.mark.skipif(not shutil.which("vagrant"), reason=package_missing("vagrant"))


def vagrant(machines: str, home: Path, *arguments: str) -> str:
    """What Vagrant prints, with a home of its own and without asking anybody for a newer version of itself."""
    done = subprocess.run(
        ["vagrant", *arguments],
        cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
        env={
            "PATH": os.defpath, "LANG": "C.UTF-8", "MACHINES": machines, "VAGRANT_CHECKPOINT_DISABLE": "1",
            "VAGRANT_HOME": str(home / "home"), "VAGRANT_DOTFILE_PATH": str(home / "dotfiles"),
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("machines", "inventory"), [("one", "one-machine"), ("many", "many-machines")])
def test_vagrant_knows_the_machines_of_the_inventory(machines: str, inventory: str, tmp_path: Path) -> None:
    said = vagrant(machines, tmp_path, "validate", "--ignore-provider")
    assert "validated successfully" in said
    hosts = yaml.safe_load((ROOT / "ansible/inventories" / inventory / "hosts.yml").read_text())["pagewright"]["hosts"]
    assert set(re.findall(r"^==> (\S+):", said, re.MULTILINE)) == {host.partition(".")[0] for host in hosts}


def test_the_vagrantfile_names_files_that_exist() -> None:
    """Vagrant itself asks this only when it provisions."""
    named = re.findall(r'= "(ansible/[\w./-]+)"', (ROOT / "Vagrantfile").read_text())
    assert named and all((ROOT / path).exists() for path in named), named
