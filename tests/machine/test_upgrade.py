"""From the release that operators have to this one and back: no visitor notices, and no job is lost.

The tests use one machine and stand in the order of its life.
"""

import dataclasses
from collections.abc import Iterator

import pytest

from tests.machine.booted_machine import booted_machine
from tests.machine.conftest import owner_of, token_of
from tests.machine.controller import Controller
from tests.machine.owner import create, edit, keeps_editing, publish, versions_of
from tests.machine.previous_release import previous_checkout
from tests.machine.releases import built_release
from tests.machine.rollout import Installation, one_machine
from tests.machine.visitor import Visitor
from tests.support.load import running_load
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.machine, pytest.mark.xdist_group("machine")]

SITE = "bakery"


@pytest.fixture(scope="module")
def installation(bootable: None) -> Iterator[Installation]:
    """A machine as its operators have it: the previous release, rolled out by its own playbook."""
    with booted_machine() as machine:
        installation = one_machine(machine)
        previous = dataclasses.replace(installation, checkout=previous_checkout(installation.directory))
        previous.roll_out()
        yield installation


@pytest.fixture(scope="module")
def owner(installation: Installation) -> Visitor:
    """The first user, with a site that visitors see."""
    owner = owner_of(installation)
    create(owner, SITE)
    return owner


def test_upgrade_and_rollback_disturb_no_visitor_and_lose_no_job(installation: Installation, owner: Visitor) -> None:
    """The sites are served all the time, and each of the edits that are asked for without a pause gets done, once."""
    controller, current = Controller(installation), "readlink /opt/pagewright/current"
    (machine,) = installation.group("pagewright")
    first = machine.output(current)
    author = dataclasses.replace(owner, patience_seconds=60)  # the one api restarts
    visits, edits = running_load(lambda: owner.site(SITE), pause=0.02), running_load(keeps_editing(author, SITE))
    with visits as visited, edits as edited:
        edited.wait_for_more(1)
        controller.perform("Upgrade")
        assert machine.output(current) == f"releases/{built_release()}\n" != first
        edited.wait_for_more(1)
        controller.perform("Roll back")
        assert machine.output(current) == first
        assert token_of(installation)  # the operators' command stays, and finds its program in either release
        edited.wait_for_more(1)
    assert visited.faults == edited.faults == []
    assert versions_of(owner, SITE) == list(range(len(edited.answers) + 1, 0, -1))
    assert len(visited.answers) > 100
    print(f"upgrade and rollback: visitors {visited}, edits {edited}")


def test_forth_again_and_a_run_of_the_new_playbook_changes_nothing(installation: Installation, owner: Visitor) -> None:
    """Even if the first attempt was broken off between the switch and the restarts."""
    (machine,) = installation.group("pagewright")
    with installation.broken_off("upgrade.yml"):
        wait_until(lambda: built_release() in machine.output("readlink /opt/pagewright/current"), "the switch", 300)
    before = {part["name"]: part["release"] for part in owner.call("GET", "/status")["parts"]}
    assert before["api"] != built_release()
    installation.roll_out("upgrade.yml")
    after = {part["name"]: part["release"] for part in owner.call("GET", "/status")["parts"]}
    assert after["api"] == after["storage"] == after["model"] == built_release()
    assert machine.run("test -e /etc/pagewright/unfinished").returncode != 0
    recap = installation.roll_out()
    assert recap.changed == {}, recap.output[-6000:]
    publish(owner, SITE, owner.finished(edit(owner, SITE, "For good"))["version"])
    assert b"For good" in owner.site(SITE)
