"""One machine for all tests of this folder, rolled out once."""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.machine.booted_machine import Machine, booted_machine
from tests.machine.rollout import ADMIN_EMAIL, play
from tests.machine.visitor import Visitor


@pytest.fixture(scope="session")
def fresh_machine() -> Iterator[Machine]:
    """A Debian machine with nothing of PageWright on it."""
    missing = [name for name in ("debootstrap", "systemd-nspawn", "ssh", "ip") if not shutil.which(name)]
    if os.geteuid() or missing:
        pytest.skip(f"booting a machine needs root, and {', '.join(missing) or 'nothing else'}")
    with booted_machine() as machine:
        yield machine


@pytest.fixture(scope="session")
def machine(fresh_machine: Machine) -> Machine:
    """The machine after `ansible-playbook site.yml`."""
    recap = play(fresh_machine)
    assert recap.status == 0, recap.output[-6000:]
    return fresh_machine


@pytest.fixture(scope="session")
def owner(machine: Machine) -> Visitor:
    """The first user, with a token that an operator made on the machine."""
    certificate = machine.output("cat /etc/pagewright/tls/certificate.pem")
    token = machine.output(f"pagewright-operator create-token {ADMIN_EMAIL} --name test").strip()
    return Visitor(machine, certificate, token)
