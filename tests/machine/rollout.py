"""Rolling PageWright out onto machines with the project's own playbooks, as an operator would."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.machine.booted_machine import Machine
from tests.machine.debian_root import ADMIN
from tests.test_linters import BIN, ROOT

APP_HOST = "app.pagewright.test"
SITES_DOMAIN = "sites.pagewright.test"
ADMIN_EMAIL = "admin@pagewright.test"
_PLAYBOOK_SECONDS = 1800
_COUNTS = re.compile(r"^(\S+) +: ok=\d+ +changed=(\d+) +unreachable=(\d+) +failed=(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Counts:
    """What the last lines of a playbook's run say of one host."""

    changed: int
    unreachable: int
    failed: int


@dataclass(frozen=True)
class Recap:
    """How a playbook's run ended; `output` is all that it said, also when it failed."""

    status: int
    hosts: Mapping[str, Counts]
    output: str

    @property
    def changed(self) -> dict[str, int]:
        """The hosts where something was changed."""
        return {name: counts.changed for name, counts in self.hosts.items() if counts.changed}

    @property
    def faults(self) -> dict[str, Counts]:
        """The hosts where something failed, or that were not reached."""
        return {name: counts for name, counts in self.hosts.items() if counts.failed or counts.unreachable}


@dataclass
class Installation:
    """Machines in groups, and the values of their inventory; `checkout` is the project whose playbooks are run.

    A machine that is in no group is not in the inventory yet.
    """

    machines: Mapping[str, Machine]
    groups: Mapping[str, Sequence[str]]
    values: dict[str, object] = field(default_factory=dict)
    checkout: Path = ROOT

    @property
    def directory(self) -> Path:
        return next(iter(self.machines.values())).network.directory

    @property
    def inventory(self) -> Path:
        return self.directory / "inventory"

    def group(self, name: str) -> list[Machine]:
        """The machines of a group; `pagewright` has them all."""
        return [self.machines[member] for member in self.groups[name]]

    def play(self, playbook: str = "site.yml", *arguments: str) -> Recap:
        """Run a playbook, whatever comes of it."""
        with self._started(playbook, *arguments, output=subprocess.PIPE) as process:
            try:
                output, _ = process.communicate(timeout=_PLAYBOOK_SECONDS)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        hosts = {name: Counts(*map(int, numbers)) for name, *numbers in _COUNTS.findall(output)}
        return Recap(process.returncode, hosts, output)

    @contextmanager
    def broken_off(self, playbook: str) -> Iterator[None]:
        """A playbook that runs until the block ends, and is killed then."""
        with self._started(playbook, output=subprocess.DEVNULL) as process:
            yield
            os.killpg(process.pid, signal.SIGKILL)

    def _started(self, playbook: str, *arguments: str, output: int) -> subprocess.Popen[str]:
        self.write_inventory()
        command = [BIN / "ansible-playbook", "-i", self.inventory, self.checkout / "ansible" / playbook, *arguments]
        return subprocess.Popen(
            command, env=self.environment(), cwd=self.checkout, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def roll_out(self, playbook: str = "site.yml", *arguments: str) -> Recap:
        """Run a playbook, which must succeed."""
        recap = self.play(playbook, *arguments)
        assert recap.status == 0 and not recap.faults, recap.output[-6000:]
        return recap

    def environment(self) -> dict[str, str]:
        """What an operator's shell has: Ansible, its configuration, a home of its own."""
        return {
            "PATH": f"{BIN}:{os.defpath}",
            "HOME": str(self.directory),
            "LANG": "C.UTF-8",
            "ANSIBLE_CONFIG": str(self.checkout / "ansible/ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_LOG_PATH": str(self.directory / "ansible.log"),  # says when
        }

    def write_inventory(self) -> None:
        """A folder like those in ansible/inventories."""
        options = next(iter(self.machines.values())).ssh_options()
        hosts = {
            name: {"ansible_host": machine.address, "pagewright_address": machine.address}
            for name, machine in self.machines.items()
            if name in self.groups["pagewright"]
        }
        groups = {group: members for group, members in self.groups.items() if group != "pagewright"}
        children = {group: {"hosts": dict.fromkeys(members)} for group, members in groups.items()}
        values = {
            "ansible_user": ADMIN,
            "ansible_ssh_common_args": " ".join(options),
            "pagewright_app_host": APP_HOST,
            "pagewright_sites_domain": SITES_DOMAIN,
            "pagewright_admin_email": ADMIN_EMAIL,
            "worker_instances": ["1", "2"],
        }
        (self.inventory / "group_vars").mkdir(parents=True, exist_ok=True)
        _write(self.inventory / "hosts.yml", {"pagewright": {"hosts": hosts, "children": children}})
        _write(self.inventory / "group_vars/all.yml", values | self.values)


def one_machine(machine: Machine) -> Installation:
    """A machine that is everything, as in the example inventory."""
    return Installation({machine.name: machine}, example_groups("one-machine"))


def many_machines(machines: Mapping[str, Machine]) -> Installation:
    """A fleet with the names and the groups of the example inventory."""
    return Installation(machines, example_groups("many-machines"))


def example_groups(inventory: str) -> dict[str, list[str]]:
    """The groups of an example inventory with their hosts' first names; `pagewright` has them all."""
    text = (ROOT / "ansible/inventories" / inventory / "hosts.yml").read_text(encoding="utf-8")
    everything = yaml.safe_load(text)["pagewright"]
    groups = {name: group["hosts"] for name, group in everything["children"].items()}
    groups["pagewright"] = everything["hosts"]
    return {name: [host.partition(".")[0] for host in hosts] for name, hosts in groups.items()}


def _write(path: Path, document: Mapping[str, object]) -> None:
    path.write_text(yaml.safe_dump(dict(document), sort_keys=False), encoding="utf-8")
