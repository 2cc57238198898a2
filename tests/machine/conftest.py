"""One machine for all tests that want one machine with this release: rolled out once, it lives through their files."""

from collections.abc import Iterator

import pytest

from tests.machine.booted_machine import Machine, booted_machine
from tests.machine.capability import why_no_machine_boots
from tests.machine.controller import Controller
from tests.machine.rollout import ADMIN_EMAIL, Installation, one_machine
from tests.machine.visitor import Visitor


@pytest.fixture(scope="session")
def bootable() -> None:
    """Machines can be booted here."""
    reason = why_no_machine_boots()
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def fresh(bootable: None) -> Iterator[Installation]:
    """A Debian machine with nothing of PageWright, and the inventory of an operator who wants it there."""
    with booted_machine() as machine:
        installation = one_machine(machine)
        installation.values |= {
            "api_mail_server": "127.0.0.1:2525",
            "secrets_given": {"api_mail_url": "smtp://localhost"},
        }
        installation.write_inventory()
        yield installation


@pytest.fixture(scope="session")
def controller(fresh: Installation) -> Controller:
    """Where the operator sits."""
    return Controller(fresh)


@pytest.fixture(scope="session")
def installation(fresh: Installation, controller: Controller) -> Installation:
    """The machine after the runbook of the first day."""
    controller.perform("Install")
    return fresh


@pytest.fixture(scope="session")
def machine(installation: Installation) -> Machine:
    """The one machine of the installation."""
    (machine,) = installation.machines.values()
    return machine


@pytest.fixture(scope="session")
def owner(installation: Installation) -> Visitor:
    """The first user, with a token that an operator made on the machine."""
    return owner_of(installation)


def owner_of(installation: Installation) -> Visitor:
    """The first user of an installation, who asks its web hosts in turn."""
    web = installation.group("web")
    return Visitor(web, web[0].output("cat /etc/pagewright/tls/certificate.pem"), token_of(installation))


def token_of(installation: Installation, email: str = ADMIN_EMAIL) -> str:
    """A token of a user, made by an operator."""
    api = installation.group("api")[0]
    return api.output(f"pagewright-operator create-token {email} --name test").strip()
