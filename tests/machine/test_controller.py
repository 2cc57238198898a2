"""Runbooks are performed where they say, with the test installation's names, and this checkout stays as it is."""

from collections.abc import Iterator

import pytest

from tests.machine.booted_machine import booted_fleet
from tests.machine.controller import Controller
from tests.machine.rollout import APP_HOST, Installation
from tests.test_linters import ROOT

pytestmark = [pytest.mark.machine, pytest.mark.xdist_group("machine")]

PAGE = """
## Everywhere
```sh
# on the controller
git pull
echo app.example.org >written-by-a-runbook
mkdir ansible/inventories/mine
```
```sh
# on the controller
cat written-by-a-runbook
cd ansible
../.venv/bin/ansible -i inventories/mine api -m ping
```
```sh
# on an api host, as root
hostname; id -u
```
```sh
# on every host, as root
hostname
```
## Broken
```sh
# on the controller
false
true
```
"""


@pytest.fixture(scope="module")
def controller(bootable: None) -> Iterator[Controller]:
    with booted_fleet(["api1", "web1"]) as machines:
        yield Controller(Installation(machines, {"api": ["api1"], "pagewright": ["api1", "web1"]}), PAGE)


def test_steps_run_where_they_say(controller: Controller) -> None:
    def write_hosts(done: int) -> None:
        if done == 1:
            controller.installation.write_inventory()

    said = controller.perform("Everywhere", after=write_hosts)
    assert said[1].startswith(f"{APP_HOST}\n") and "api1 | SUCCESS" in said[1]
    assert said[2:] == ["api1\n0\n", "api1\nweb1\n"]
    assert not (ROOT / "written-by-a-runbook").exists()


def test_a_step_that_fails_is_told(controller: Controller) -> None:
    with pytest.raises(AssertionError, match="Broken"):
        controller.perform("Broken")
