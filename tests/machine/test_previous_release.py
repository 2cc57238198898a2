"""The release that operators have now: rolled out by its own playbook, upgraded to this one, and taken back.

The tests use one machine and stand in the order of its life.
"""

import dataclasses
from collections.abc import Iterator

import pytest

from tests.machine.booted_machine import booted_machine
from tests.machine.conftest import owner_of
from tests.machine.previous_release import previous_checkout
from tests.machine.rollout import Installation, one_machine
from tests.machine.visitor import Document, Visitor, visitor_load
from tests.test_linters import ROOT

pytestmark = [pytest.mark.machine, pytest.mark.xdist_group("machine")]

SITE = "bakery"
CURRENT = "readlink /opt/pagewright/current"


@pytest.fixture(scope="module")
def previous(bootable: None) -> Iterator[Installation]:
    """A machine with the previous release, as its operators have it."""
    with booted_machine() as machine:
        installation = one_machine(machine)
        installation = dataclasses.replace(installation, checkout=previous_checkout(installation.directory))
        installation.roll_out()
        yield installation


@pytest.fixture(scope="module")
def present(previous: Installation) -> Installation:
    """The same machine, cared for from this checkout."""
    return dataclasses.replace(previous, checkout=ROOT)


@pytest.fixture(scope="module")
def owner(previous: Installation) -> Visitor:
    """A user from the time of the previous release."""
    return owner_of(previous)


def test_the_previous_release_does_the_main_job(owner: Visitor) -> None:
    made = owner.call("POST", "/sites", {"name": SITE, "title": "Bakery", "template": "small-business"})
    owner.finished(made["job"])
    owner.call("POST", f"/sites/{SITE}/deployments", {"slot": "current", "version": 1})
    assert owner.finished(edit(owner, "Fresh from the oven"))["version"] == 2
    assert b"Fresh from the oven" in owner.site(f"preview--{SITE}")


def test_upgrade_and_rollback_disturb_no_visitor_and_lose_no_job(present: Installation, owner: Visitor) -> None:
    """The edits that are under way when the daemons restart get done, by the one release or the other."""
    (machine,) = present.group("web")
    before = machine.output(CURRENT)
    with visitor_load(owner, SITE) as load:
        for playbook in ("upgrade.yml", "rollback.yml"):
            job = edit(owner, f"Under way at {playbook}")
            present.roll_out(playbook)
            assert (machine.output(CURRENT) == before) is (playbook == "rollback.yml")
            owner.finished(job)
            owner.finished(edit(owner, f"After {playbook}"))
    assert load.faults == []
    assert load.answers > 100
    print(f"{load.answers} requests of visitors during upgrade and rollback, none failed")


def edit(owner: Visitor, headline: str) -> Document:
    """The job of an edit, just asked for."""
    return owner.call("POST", f"/sites/{SITE}/jobs", {"message": f'Change the headline to "{headline}"'})
