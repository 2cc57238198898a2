"""The main job from message to visitor, with every daemon real."""

import pytest

from tests.support.local_system import LocalSystem

pytestmark = pytest.mark.xdist_group("practice-system")


def test_an_edit_is_previewed_published_and_rolled_back(local_system: LocalSystem) -> None:
    """I5, I9: visitors see what was published, nothing else, and the history tells all of it."""
    local_system.new_site("bakery")
    local_system.publish("bakery", 1)
    before = local_system.page("bakery")

    job = local_system.edit("bakery", 'Change the headline to "Fresh <bread> & more"')
    assert (job["state"], job["version"]) == ("succeeded", 2), job
    assert "practice model" in job["answer"]
    assert "Fresh &lt;bread&gt; &amp; more" in local_system.page("preview--bakery")
    assert local_system.page("bakery") == before

    deployment = local_system.publish("bakery", 2)
    assert (deployment["slot"], deployment["version"]) == ("current", 2)
    assert "Fresh &lt;bread&gt; &amp; more" in local_system.page("bakery")
    local_system.publish("bakery", 1)
    assert local_system.page("bakery") == before
    assert "Fresh &lt;bread&gt;" in local_system.page("v2--bakery")

    version = local_system.client.get("/sites/bakery/versions/2")
    assert version["message"] == 'Change the headline to "Fresh <bread> & more"'
    assert [change["path"] for change in version["files"]["modified"]] == ["index.html"]
    assert {check["status"] for check in version["checks"]} == {"passed"}, version["checks"]
    told = [check["findings"] for check in version["checks"] if check["name"] == "scope"]
    assert told == [["Concerns: index.html, as the model understood the request"]]
    assert local_system.client.get("/sites/bakery/versions/2/changes")["scope"]["source"] == "model"
    by = [(d["slot"], d["version"], d["by"]) for d in local_system.client.get("/sites/bakery/deployments")["items"]]
    assert by[:2] == [("current", 1, "owner@localhost"), ("current", 2, "owner@localhost")]


def test_a_message_that_changes_nothing_makes_no_version(local_system: LocalSystem) -> None:
    local_system.new_site("quiet")
    job = local_system.edit("quiet", "What can you do?")
    assert (job["state"], job["version"], job["outcome"]) == ("succeeded", None, "unchanged")
    assert job["answer"].startswith("Nothing was changed.\nThe agent says: ")
    assert "Replace" in job["answer"]
    assert len(local_system.client.get("/sites/quiet/versions")["items"]) == 1


def test_a_restore_of_what_is_there_changes_nothing(local_system: LocalSystem) -> None:
    local_system.new_site("restored")
    job = local_system.finish(local_system.client.post("/sites/restored/versions/1/restore"))
    assert (job["outcome"], job["version"]) == ("unchanged", None)
    assert job["answer"] == "Nothing was changed. The newest version, 1, has the files of version 1 already."


def test_two_edits_at_once_both_happen_in_order(local_system: LocalSystem) -> None:
    """I2: one job of a site at a time, oldest first."""
    local_system.new_site("both")
    jobs = [local_system.ask("both", f'Change the headline to "Number {n}"') for n in (1, 2)]
    done = [local_system.finish(job) for job in jobs]
    assert [job["version"] for job in done] == [2, 3], done
    versions = {item["number"]: item for item in local_system.client.get("/sites/both/versions")["items"]}
    assert (versions[3]["parent"], versions[2]["parent"]) == (2, 1)
    assert "Number 2" in local_system.page("preview--both")


def test_an_edit_can_start_from_an_older_version(local_system: LocalSystem) -> None:
    local_system.new_site("older")
    local_system.edit("older", 'Change the headline to "Second"')
    asked = local_system.ask("older", 'Set the title of about.html to "From the first"', base=1)
    assert asked["note"].startswith("This starts from version 1: it will not have the changes of version 2.")
    job = local_system.finish(asked)
    assert job["version"] == 3
    version = local_system.client.get("/sites/older/versions/3")
    lacks = "Made from version 1. It does not have the changes of version 2."
    assert (version["parent"], job["answer"].splitlines()[-1]) == (1, lacks)
    assert {"name": "base", "status": "warning", "findings": [lacks]} in version["checks"]
    assert local_system.client.get("/sites/older")["slots"] == {"preview": 3}
    assert "Second" not in local_system.page("v3--older")
