"""One machine, or a fleet, for all tests of a file, rolled out once."""

from collections.abc import Iterator

import pytest

from tests.machine.booted_machine import Machine, booted_fleet, booted_machine
from tests.machine.capability import why_no_machine_boots
from tests.machine.rollout import ADMIN_EMAIL, Installation, example_groups, many_machines, one_machine
from tests.machine.visitor import Visitor


@pytest.fixture(scope="session")
def bootable() -> None:
    """Machines can be booted here."""
    reason = why_no_machine_boots()
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="module")
def installation(bootable: None) -> Iterator[Installation]:
    """A fresh Debian machine after `ansible-playbook site.yml`."""
    with booted_machine() as machine:
        installation = one_machine(machine)
        installation.roll_out()
        yield installation


@pytest.fixture(scope="module")
def fleet(bootable: None) -> Iterator[Installation]:
    """The machines of the example inventory after `ansible-playbook site.yml`."""
    with booted_fleet(example_groups("many-machines")["pagewright"]) as machines:
        installation = many_machines(machines)
        installation.roll_out()
        yield installation


@pytest.fixture(scope="module")
def machine(installation: Installation) -> Machine:
    """The one machine of the installation."""
    (machine,) = installation.machines.values()
    return machine


@pytest.fixture(scope="module")
def owner(installation: Installation) -> Visitor:
    """The first user, with a token that an operator made on the machine."""
    return owner_of(installation)


def owner_of(installation: Installation) -> Visitor:
    """The first user of an installation, who asks its web hosts in turn."""
    web = installation.group("web")
    certificate = "\n".join(machine.output("cat /etc/pagewright/tls/certificate.pem") for machine in web)
    (api, *_) = installation.group("api")
    token = api.output(f"pagewright-operator create-token {ADMIN_EMAIL} --name test").strip()
    return Visitor(web, certificate, token)
