"""The release that operators have now is rolled out by its own playbook, and does the main job."""

import dataclasses
from collections.abc import Iterator

import pytest

from tests.machine.booted_machine import booted_machine
from tests.machine.conftest import owner_of
from tests.machine.previous_release import previous_checkout
from tests.machine.rollout import Installation, one_machine

pytestmark = [pytest.mark.machine, pytest.mark.xdist_group("machine")]


@pytest.fixture(scope="module")
def previous(bootable: None) -> Iterator[Installation]:
    """A machine with the previous release, as its operators have it."""
    with booted_machine() as machine:
        installation = one_machine(machine)
        installation = dataclasses.replace(installation, checkout=previous_checkout(installation.directory))
        installation.roll_out()
        yield installation


def test_it_does_the_main_job(previous: Installation) -> None:
    owner = owner_of(previous)
    owner.finished(
        owner.call("POST", "/sites", {"name": "bakery", "title": "Bakery", "template": "small-business"})["job"]
    )
    job = owner.finished(owner.call("POST", "/sites/bakery/jobs", {"message": 'Change the headline to "Fresh"'}))
    assert job["version"] == 2
    assert b"Fresh" in owner.site("preview--bakery")
