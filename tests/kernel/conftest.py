"""One machine for all tests of this folder: rolled out as a container, which is quick, then booted with a kernel."""

import shutil
from collections.abc import Iterator

import pytest

from tests.kernel.emulated_machine import EmulatedMachine, emulated_machine
from tests.machine.booted_machine import Machine, booted_machine
from tests.machine.capability import why_no_machine_boots
from tests.machine.checkout import copy_checkout
from tests.machine.rollout import ADMIN_EMAIL, one_machine
from tests.machine.visitor import Visitor


@pytest.fixture(scope="session")
def container() -> Iterator[Machine]:
    """A machine that PageWright is rolled out to, with a checkout beside it."""
    reason = why_no_machine_boots()
    if not shutil.which("qemu-system-x86_64"):
        reason = "a machine with a kernel of its own needs the Debian package qemu-system-x86"
    if reason:
        pytest.skip(reason)
    with booted_machine() as machine:
        installation = one_machine(machine)
        installation.roll_out()
        copy_checkout(machine)
        yield machine


@pytest.fixture(scope="session")
def machine(container: Machine) -> Iterator[EmulatedMachine]:
    """The same machine on Debian's kernel; the container is no more."""
    container.stop()
    with emulated_machine(container) as machine:
        yield machine


@pytest.fixture(scope="session")
def idle_machine(machine: EmulatedMachine) -> EmulatedMachine:
    """The machine without its daemons, which share one slow processor; the socket of the runs stays."""
    machine.output("systemctl stop 'pagewright-*.service' && systemctl is-active pagewright-job.socket", 900)
    return machine


@pytest.fixture(scope="session")
def owner(machine: EmulatedMachine) -> Visitor:
    """The first user, with a token that an operator made on the machine."""
    certificate = machine.output("cat /etc/pagewright/tls/certificate.pem")
    token = machine.output(f"pagewright-operator create-token {ADMIN_EMAIL} --name test", 600).strip()
    return Visitor([machine], certificate, token)
