"""Why a job failed is in the journal, for operators; what a site says is not, and the person is told neither."""

import pytest

from tests.support.scripted_endpoint import custom_call, failure, message, shell
from tests.support.scripted_system import ScriptedSystem
from tests.support.waiting import wait_until

pytestmark = pytest.mark.xdist_group("scripted-system")

SITE = "journal"
_UNFIT = "*** Begin Patch\n*** Update File: index.html\n@@\n-quoted words\n+other quoted words\n*** End Patch"


@pytest.fixture
def kept(scripted: ScriptedSystem) -> ScriptedSystem:
    """The scripted system with the site of these tests."""
    return scripted.with_sites(SITE)


def reason_of(job: str, scripted: ScriptedSystem) -> str:
    """The line that says why a job failed."""

    def lines() -> list[str]:
        return [line for line in scripted.system.logs().splitlines() if "job failed: " in line and f"job={job}" in line]

    [line] = wait_until(lines, "the journal says why")
    return line


def test_an_agent_that_was_killed(kept: ScriptedSystem) -> None:
    job = kept.edit(SITE, custom_call("apply_patch", _UNFIT), shell("kill -9 $PPID"), message("Done."))
    assert job["state"] == "failed", job
    line = reason_of(job["id"], kept)
    assert "WARNING" in line
    assert "BadGateway: The agent stopped before it was done.: exit code -9" in line
    assert "quoted words" not in kept.system.logs()
    assert "exit code" not in str(job)


def test_a_model_that_refuses_the_key(kept: ScriptedSystem) -> None:
    job = kept.edit(SITE, failure(401, "invalid_api_key"))
    line = reason_of(job["id"], kept)
    assert job["error"]["detail"] in line
    assert "exit code 1; " in line
