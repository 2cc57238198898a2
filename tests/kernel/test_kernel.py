"""The sandbox under systemd, on a kernel that holds its limits, slowly emulated.

The tests stand in the order of the machine's life. What runs on it is in `inside/`, and among the tests of the sandbox.
"""

import time

import pytest

from daemons.worker.sandbox.backends.systemd_unit import SLICE_EVENTS
from tests.kernel.emulated_machine import EmulatedMachine
from tests.machine.checkout import sandbox_pytest_there
from tests.machine.rollout import APP_HOST
from tests.machine.visitor import Document, Visitor

pytestmark = [pytest.mark.kernel, pytest.mark.xdist_group("kernel")]

WORKER = "pagewright-worker"
# A quiet host emulates ten to thirty times slower than it is, a busy one slower still; a minute must stay below 20.
SLOWNESS = 18
_JOB_SECONDS = 3000


def test_kernel_has_one_hierarchy_of_control_groups(machine: EmulatedMachine) -> None:
    assert machine.output("stat --file-system --format=%T /sys/fs/cgroup").strip() == "cgroup2fs"
    assert machine.output("systemctl --failed --no-legend --plain") == ""


def test_a_whole_job_under_the_real_worker(machine: EmulatedMachine, owner: Visitor) -> None:
    """Its unit may do all that a job needs: sandbox, Codex, Chromium. Nothing is left of it afterwards (I8)."""
    made = owner.call("POST", "/sites", {"name": "slow", "title": "Slow", "template": "small-business"})
    _finish(owner, made["job"])
    job = owner.call("POST", "/sites/slow/jobs", {"message": 'Change the headline to "Slow and sure"'})
    done = _finish(owner, job)
    path = f"/sites/slow/versions/{done['version']}"
    # What the checks say is not asked: the 15 s that they give a page are too few on this processor.
    assert {"pages", "links", "images"} <= {check["name"] for check in owner.call("GET", path)["checks"]}
    page = owner.ask("GET", APP_HOST, f"/api/v1{path}/files/index.html", {"Authorization": f"Bearer {owner.token}"})
    assert b"Slow and sure" in page.body, page
    assert machine.output("systemctl list-units --all --no-legend 'pagewright-job@*'") == ""


def test_worker_may_see_what_the_kernel_has_killed(machine: EmulatedMachine) -> None:
    """Its unit hides much, but not the counters by which it tells people that memory ended a run."""
    process = "$(systemctl show --property=MainPID --value pagewright-worker@1)"
    look = f"nsenter --target={process} --mount setpriv --reuid={WORKER} --clear-groups cat {SLICE_EVENTS}"
    assert "oom_kill " in machine.output(look)


def _finish(owner: Visitor, job: Document) -> Document:
    """The job when it has succeeded, however long that takes here."""
    deadline = time.monotonic() + _JOB_SECONDS
    while job["state"] in ("queued", "running"):
        assert time.monotonic() < deadline, f"the job does not end: {job}"
        time.sleep(2)
        job = owner.call("GET", f"/jobs/{job['id']}")
    assert job["state"] == "succeeded", job
    return job


def test_attacks_fail_on_a_kernel_of_its_own(idle_machine: EmulatedMachine) -> None:
    """I7, I8."""
    attacks = ("tests/attacks/test_sandbox_calls.py", "tests/attacks/test_sandbox_limits.py")
    sandbox_pytest_there(idle_machine, *attacks, user=WORKER, slowness=SLOWNESS)


def test_kernel_holds_every_limit(idle_machine: EmulatedMachine) -> None:
    """I8: of a run, of all runs together, and whatever they leave."""
    sandbox_pytest_there(idle_machine, "-m kernel tests/kernel/inside", user="root", slowness=SLOWNESS)
