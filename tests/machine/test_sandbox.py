"""The sandbox under systemd, on a machine rolled out by the playbook: what `doctor` finds, attacks, hostile models.

What only a kernel of its own holds is in `tests/kernel`.
"""

import json
import re
from typing import Any

import pytest

from tests.machine.booted_machine import Machine
from tests.machine.checkout import copy_checkout, pytest_there
from tests.test_linters import ROOT

pytestmark = [pytest.mark.machine, pytest.mark.xdist_group("machine")]

WORKER = "pagewright-worker"


@pytest.fixture(scope="module")
def container(machine: Machine) -> Machine:
    """The machine, with a checkout beside what was rolled out."""
    copy_checkout(machine)
    return machine


def test_doctor_knows_a_rolled_out_machine(machine: Machine) -> None:
    """All is well but the clock, which this machine gets from its host; what is broken is named with what to do."""
    found = doctor(machine)
    wanted = "units disk api storage model deployer worker-1 worker-2 Redis sandbox certificate".split()
    inside = ["Codex in the sandbox", "Chromium in the sandbox", "backup of database", "backup of storage"]
    assert {name: found[name]["detail"] for name in (*wanted, *inside) if not found[name]["ok"]} == {}
    machine.output("systemctl stop pagewright-model redis-server")
    try:
        found = doctor(machine)
    finally:
        machine.output("systemctl start pagewright-model redis-server")
    assert "pagewright-model.service is inactive" in found["units"]["detail"]
    assert "journalctl -u pagewright-model" in found["units"]["hint"]
    assert not found["Redis"]["ok"]
    assert found["storage"]["ok"] and found["sandbox"]["ok"]


def test_visitors_web_server_may_only_read_what_it_serves(machine: Machine) -> None:
    """I7: nginx' user neither writes releases nor reads anything else of PageWright."""
    inside = "runuser -u www-data -- test"
    assert machine.run(f"{inside} -r /var/lib/pagewright/sites").returncode == 0
    for place in ("sites", "storage", "api", "model"):
        assert machine.run(f"{inside} -w /var/lib/pagewright/{place}").returncode == 1, place
    for place in ("storage", "api", "model"):
        assert machine.run(f"{inside} -r /var/lib/pagewright/{place}").returncode == 1, place
    assert machine.run(f"{inside} -r /etc/pagewright/credentials").returncode == 1


def test_attacks_fail(container: Machine) -> None:
    """I7, I8: as the workers' user; only root can do what tests of the worker's own side do to a runner."""
    pytest_there(container, "tests/attacks/test_sandbox_calls.py tests/attacks/test_sandbox_collecting.py", user=WORKER)
    pytest_there(container, "tests/attacks/test_sandbox_limits.py tests/attacks/test_model_relay.py", user=WORKER)
    pytest_there(container, *of_the_sandbox("tests/worker"), user="root")


def test_hostile_models_get_nowhere(container: Machine) -> None:
    """I7, I8: the whole system, with a script for a model."""
    attacks = ("tests/attacks/test_agent_attacks.py", "tests/attacks/test_planted_instructions.py")
    pytest_there(container, *attacks, user=WORKER)


def of_the_sandbox(folder: str) -> list[str]:
    """The test files that start a sandbox: what the others try is the same on every machine."""
    starts = re.compile(r"^from tests\.support\.(sandbox|checks|codex)_run import", re.MULTILINE)
    return sorted(
        str(file.relative_to(ROOT)) for file in (ROOT / folder).rglob("test_*.py") if starts.search(file.read_text())
    )


def doctor(machine: Machine) -> dict[str, dict[str, Any]]:
    """What `pagewright doctor` finds, by name."""
    return {finding["name"]: finding for finding in json.loads(machine.run("pagewright doctor --json").stdout)}
