"""The end of a job is told as it was: what the agent says of its work is not what happened to the site."""

from typing import Any

import pytest

from tests.support.scripted_endpoint import Answer, custom_call, items, message, shell, tool_call
from tests.support.scripted_system import ScriptedSystem
from tests.support.waiting import wait_until

pytestmark = pytest.mark.xdist_group("scripted-system")

SITE = "told-truly"
CLAIM = "Done, I changed the headline."
PATCH = "*** Begin Patch\n*** Update File: index.html\n@@\n-<h1>Not there</h1>\n+<h1>New</h1>\n*** End Patch"
BROKEN = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "exec_command", "arguments": '{"cmd": "s'}
IN_VAIN: dict[str, tuple[Answer, ...]] = {
    "a patch as a function": (tool_call("apply_patch", {"input": PATCH}),),
    "an unknown tool": (tool_call("str_replace", {"path": "index.html", "old": "a", "new": "b"}),),
    "broken JSON": (items(BROKEN),),
    "a forbidden command": (shell("rm -f index.html"),),
    "a patch that does not fit, then a command that fails": (
        custom_call("apply_patch", PATCH),
        shell("false", "call_2"),
    ),
}


@pytest.fixture
def told(scripted: ScriptedSystem) -> ScriptedSystem:
    """The scripted system with the site of these tests."""
    return scripted.with_sites(SITE)


def _steps(job: dict[str, Any]) -> list[str]:
    return [step["text"] for step in job["steps"] if step["text"]]


@pytest.mark.parametrize("name", IN_VAIN)
def test_a_turn_in_which_nothing_worked_is_a_failure(name: str, told: ScriptedSystem) -> None:
    before = told.system.state_of(SITE)
    job = told.edit(SITE, *IN_VAIN[name], message(CLAIM))
    assert (job["state"], job["outcome"], job["version"]) == ("failed", "failed", None)
    assert job["error"]["detail"].startswith("Nothing was changed, because ")
    assert "pagewright doctor" in job["error"]["hint"]
    assert job["answer"] == f"Nothing was changed.\nThe agent says: {CLAIM}"
    assert not [step for step in _steps(job) if step.startswith("Changed")]
    assert told.system.state_of(SITE) == before
    [said] = [item for item in told.system.client.get(f"/sites/{SITE}/messages")["items"] if item["job"] == job["id"]][
        :1
    ]
    assert (said["role"], said["text"]) == ("agent", job["answer"]), "nobody reads the claim alone"


def test_a_model_that_only_talks_changes_nothing(told: ScriptedSystem) -> None:
    counted = {"kind": "edit", "state": "succeeded", "outcome": "unchanged"}
    before = told.counted("pagewright_jobs_finished_total", **counted)
    job = told.edit(SITE, message(CLAIM))
    assert (job["state"], job["outcome"]) == ("succeeded", "unchanged")
    assert job["answer"] == f"Nothing was changed.\nThe agent says: {CLAIM}"
    wait_until(
        lambda: told.counted("pagewright_jobs_finished_total", **counted) == before + 1,
        "the worker has counted the job",
    )


def test_the_next_job_reads_what_was_so(told: ScriptedSystem) -> None:
    told.edit(SITE, message(CLAIM))
    told.edit(SITE, message("Which headline?"))
    [request] = told.endpoint.received
    assert f"- You: Nothing was changed.\\nThe agent says: {CLAIM}" in request.body.decode()


def test_a_patch_that_did_not_fit_is_told_as_such(told: ScriptedSystem) -> None:
    job = told.edit(SITE, custom_call("apply_patch", PATCH), shell("ls", "call_2"), message(CLAIM))
    assert job["outcome"] == "unchanged"
    assert "Could not change index.html" in _steps(job)
    assert job["answer"].splitlines()[0] == "Nothing was changed. 1 of 2 commands failed."


def test_a_partly_done_job_says_so_in_its_record(told: ScriptedSystem) -> None:
    page = shell("echo '<!doctype html><html lang=en><title>T</title><h1>T</h1>' > partly.html", "call_2")
    job = told.edit(SITE, shell("cp nothing.html x.html"), page, shell("false", "call_3"), message(CLAIM))
    assert (job["outcome"], job["answer"]) == ("changed", CLAIM)
    version = told.system.client.get(f"/sites/{SITE}/versions/{job['version']}")
    [check] = [check for check in version["checks"] if check["name"] == "agent"]
    assert (check["status"], check["findings"]) == ("warning", ["2 of 3 commands failed."])
    assert "A command failed: nothing.html, x.html" in _steps(job)
