"""Jobs over HTTP: ask, look, chat, cancel, and what is refused."""

import json

import pytest

from tests.api.conftest import World, problem


def test_an_edit_becomes_a_version_and_an_answer(world: World) -> None:
    name = world.site()
    answer = world.ana.post(f"sites/{name}/jobs", json={"message": "  Make it blue.  "})
    assert answer.status_code == 202
    job = answer.json()
    assert answer.headers["location"] == f"/api/v1/jobs/{job['id']}"
    assert (job["kind"], job["state"], job["message"], job["author"]) == (
        "edit",
        "queued",
        "Make it blue.",
        "ana@example.org",
    )
    world.worker.work()
    job = world.wait(job["id"])
    assert (job["state"], job["version"], job["answer"], job["error"]) == ("succeeded", 2, "Done: Make it blue.", None)
    assert [step["text"] for step in job["steps"]] == ["Changing index.html"]


def test_two_edits_at_once_keep_their_order(world: World) -> None:
    name = world.site("first", "second", "third")
    text = world.ana.get(f"sites/{name}/versions/4/files/index.html").text
    assert text.splitlines()[1:] == ["first", "second", "third"]


def test_failure_and_no_change_are_told(world: World) -> None:
    name = world.site("fail", "no change")
    unchanged, failed = world.ana.get("jobs", params={"site": name}).json()["items"][:2]
    assert (failed["state"], failed["error"]) == ("failed", {"detail": "It can't be done.", "hint": "Ask for less."})
    assert (unchanged["state"], unchanged["version"]) == ("succeeded", None)
    assert unchanged["answer"] == "Nothing was changed.\nThe agent says: It is like that already."
    assert (failed["outcome"], unchanged["outcome"]) == ("failed", "unchanged")


def test_what_a_job_came_to_is_told_when_it_has_ended(world: World) -> None:
    """In the job, in its last event, and in the API's description."""
    name = world.site("Make it blue.")
    job = world.ana.post(f"sites/{name}/jobs", json={"message": "no change"}).json()
    assert job["outcome"] is None
    world.worker.work()
    assert world.wait(job["id"])["outcome"] == "unchanged"
    [last] = [line for line in world.ana.get(f"jobs/{job['id']}/events").text.splitlines() if '"final"' in line]
    assert json.loads(last.removeprefix("data: "))["outcome"]["outcome"] == "unchanged"
    ended = world.ana.get("jobs", params={"site": name}).json()["items"]
    assert [one["outcome"] for one in ended] == ["unchanged", "changed", "changed"]
    schema = world.ana.get("openapi.json").json()["components"]["schemas"]
    assert schema["JobOutcome"]["enum"] == ["changed", "unchanged", "failed", "cancelled"]
    assert "outcome" in schema["Job"]["properties"]


def _told_to_the_next_job(world: World, site: str) -> list[tuple[str, str]]:
    job = world.ana.post(f"sites/{site}/jobs", json={"message": "And now?"}).json()["id"]
    world.worker.work()
    request = [request for request in world.worker.requests if request.id == job][-1]
    return [(remark.role, remark.text) for remark in request.conversation]


def test_the_next_job_does_not_take_words_for_a_change(world: World) -> None:
    name = world.site("no change")
    told = ("agent", "Nothing was changed.\nThe agent says: It is like that already.")
    chat = world.ana.get(f"sites/{name}/messages").json()["items"]
    assert told in [(item["role"], item["text"]) for item in chat]
    said = _told_to_the_next_job(world, name)
    assert told in said
    assert ("agent", "It is like that already.") not in said


def test_the_next_job_knows_that_the_one_before_failed(world: World) -> None:
    name = world.site("fail")
    said = _told_to_the_next_job(world, name)
    assert said[said.index(("user", "fail")) + 1] == ("agent", "The job failed.")


def test_the_chat_has_both_sides(world: World) -> None:
    name = world.site("Make it blue.")
    items = world.ana.get(f"sites/{name}/messages").json()["items"]
    said = [(item["role"], item["text"]) for item in items]
    assert said.index(("agent", "Done: Make it blue.")) < said.index(("user", "Make it blue."))
    page = world.ana.get(f"sites/{name}/messages", params={"limit": 1}).json()
    rest = world.ana.get(f"sites/{name}/messages", params={"cursor": page["next"]}).json()
    assert page["items"] + rest["items"] == items


@pytest.mark.parametrize("message", ["", "  \n ", "x" * 20_001, "a\0b", None, 3, ["a"]])
def test_a_bad_message_is_refused(world: World, message: object) -> None:
    name = world.site()
    assert "message" in problem(world.ana.post(f"sites/{name}/jobs", json={"message": message}), 422)["detail"]


def test_a_message_may_have_20000_characters(world: World) -> None:
    name = world.site()
    assert world.ana.post(f"sites/{name}/jobs", json={"message": "ä" * 20_000}).status_code == 202
    world.worker.work()


def test_the_base_must_exist(world: World) -> None:
    name = world.site("second")
    assert "9" in problem(world.ana.post(f"sites/{name}/jobs", json={"message": "x", "base": 9}), 422)["detail"]
    for base in (0, -1, "one", 2**53, 1.5):
        problem(world.ana.post(f"sites/{name}/jobs", json={"message": "x", "base": base}), 422)
    job = world.ana.post(f"sites/{name}/jobs", json={"message": "third", "base": 1}).json()
    assert job["base"] == 1
    assert job["note"] == (
        "This starts from version 1: it will not have the changes of version 2. "
        "Ask without a base to start from the newest."
    )
    assert world.ana.post(f"sites/{name}/jobs", json={"message": "fourth"}).json()["note"] == ""
    second = world.ana.post(f"sites/{name}/jobs", json={"message": "fifth", "base": 2}).json()
    assert second["note"].startswith("Another request for this site is not done yet")
    world.worker.work()
    assert world.wait(job["id"])["version"] == 3
    assert "second" not in world.ana.get(f"sites/{name}/versions/3/files/index.html").text


def test_restore_is_a_job_based_on_the_old_version(world: World) -> None:
    name = world.site("second")
    answer = world.ana.post(f"sites/{name}/versions/1/restore")
    assert answer.status_code == 202
    assert (answer.json()["kind"], answer.json()["base"]) == ("restore", 1)
    problem(world.ana.post(f"sites/{name}/versions/7/restore"), 422)
    world.worker.work()


def test_a_queued_job_is_cancelled_at_once_and_a_finished_one_stays(world: World) -> None:
    name = world.site()
    job = world.ana.post(f"sites/{name}/jobs", json={"message": "Never."}).json()["id"]
    assert world.ana.post(f"jobs/{job}/cancel").json()["state"] == "cancelled"
    assert world.wait(job)["version"] is None
    assert world.worker.work() == []
    assert world.ana.post(f"jobs/{job}/cancel").json()["state"] == "cancelled"


def test_jobs_are_listed_by_who_asked_or_by_site(world: World) -> None:
    name = world.site("one", "two")
    of_site = world.ana.get("jobs", params={"site": name}).json()["items"]
    assert [job["message"] for job in of_site[:2]] == ["two", "one"]
    mine = world.ana.get("jobs", params={"limit": 2}).json()
    assert [job["id"] for job in mine["items"]] == [job["id"] for job in of_site[:2]]
    more = world.ana.get("jobs", params={"limit": 1, "cursor": mine["next"]}).json()
    assert more["items"][0]["id"] == of_site[2]["id"]
    assert {job["author"] for job in world.ben.get("jobs").json()["items"]} <= {"ben@example.org"}


def test_a_site_takes_only_so_many_unfinished_jobs(world: World) -> None:
    name = world.site()
    statuses = [world.ana.post(f"sites/{name}/jobs", json={"message": f"{n}"}).status_code for n in range(21)]
    assert statuses == [202] * 20 + [429]
    for job in world.ana.get("jobs", params={"site": name}).json()["items"]:
        world.ana.post(f"jobs/{job['id']}/cancel")


def test_unknown_jobs_are_not_found(world: World) -> None:
    for job in ("0" * 28, "x", "0" * 400):
        problem(world.ana.get(f"jobs/{job}"), 404)
        problem(world.ana.get(f"jobs/{job}/events"), 404)
        problem(world.ana.post(f"jobs/{job}/cancel"), 404)
