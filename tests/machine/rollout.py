"""Rolling PageWright out onto machines with the project's own playbook, as an operator would."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.machine.booted_machine import Machine
from tests.machine.debian_root import ADMIN
from tests.test_linters import BIN, ROOT

APP_HOST = "app.pagewright.test"
SITES_DOMAIN = "sites.pagewright.test"
ADMIN_EMAIL = "admin@pagewright.test"
_GROUPS = ("redis", "storage", "model", "workers", "web", "api")
_PLAYBOOK_SECONDS = 1200


@dataclass(frozen=True)
class Recap:
    """What the last lines of a playbook's run say of a machine."""

    status: int
    changed: int
    failed: int
    output: str


def write_inventory(machine: Machine) -> Path:
    """The inventory of one machine that is everything."""
    hosts: dict[str, object] = {machine.name: None}
    children = {group: {"hosts": hosts} for group in _GROUPS}
    values = {
        "ansible_host": machine.address,
        "ansible_user": ADMIN,
        "ansible_ssh_common_args": " ".join(machine.ssh_options()),
        "pagewright_app_host": APP_HOST,
        "pagewright_sites_domain": SITES_DOMAIN,
        "pagewright_admin_email": ADMIN_EMAIL,
        "worker_instances": ["1", "2"],
    }
    path = machine.directory / "inventory.yml"
    path.write_text(yaml.safe_dump({"pagewright": {"hosts": hosts, "children": children, "vars": values}}))
    return path


def play(machine: Machine, *arguments: str, playbook: str = "site.yml") -> Recap:
    """Run a playbook against the machine; what it said is in `output`, also when it failed."""
    environment = {
        "PATH": f"{BIN}:{os.defpath}",
        "HOME": str(machine.directory),
        "LANG": "C.UTF-8",
        "ANSIBLE_CONFIG": str(ROOT / "ansible/ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
    }
    done = subprocess.run(
        [BIN / "ansible-playbook", "-i", write_inventory(machine), ROOT / "ansible" / playbook, *arguments],
        env=environment, cwd=ROOT, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=_PLAYBOOK_SECONDS,
    )  # fmt: skip
    (machine.directory / "playbook.log").write_text(done.stdout)
    counts = {name: int(number) for name, number in re.findall(r"(changed|failed)=(\d+)", done.stdout)}
    return Recap(done.returncode, counts.get("changed", -1), counts.get("failed", -1), done.stdout)


def newer_release(machine: Machine) -> Path:
    """A folder with a bundle that has the same programs and another name: what an operator gets of the next release."""
    bundles, built = machine.directory / "newer", ROOT / "dist/rollout"
    bundles.mkdir()
    bundle = json.loads((built / "bundle.json").read_text())
    newer = f"{bundle['release']}.newer"
    shutil.copy(built / f"pagewright-{bundle['release']}.tar", bundles / f"pagewright-{newer}.tar")
    (bundles / "bundle.json").write_text(json.dumps(bundle | {"release": newer}))
    return bundles
