"""What a person is told of a job, and what a program: only what was seen, and how to go on."""

import json
from pathlib import Path

import pytest

from tests.cli.commands.conftest import ScriptedApi, events, job, site, version

ASK = "POST /sites/bakery/jobs"
SEEN = {"slot": "preview", "version": 2, "served": True, "late": []}


def made(api: ScriptedApi, *checks: tuple[str, str, list[str]], **more: object) -> None:
    """An edit that makes version 2."""
    api.answer(
        {
            ASK: job(state="queued", version=None, **more),
            "GET /jobs/j1/events": events("Reading index.html"),
            "GET /jobs/j1": job(),
            "GET /sites/bakery/versions/2": version(2, *checks),
            "GET /sites/bakery": site(preview=2),
            "GET /sites/bakery/slots/preview": SEEN,
        }
    )


def test_a_new_version_is_told_with_its_preview_and_how_to_publish_it(api: ScriptedApi) -> None:
    made(api, ("links", "passed", []))
    status, said, _ = api.run("edit", "bakery", "Blue.", "--base", "1")
    assert status == 0
    assert said.splitlines() == [
        "editing: Reading index.html",
        "It is blue.",
        "Version 2: no file changed.",
        "Checks: 1 passed.",
        "Preview: http://preview--bakery.test",
        "Publish it: pagewright promote bakery 2",
    ]
    assert api.bodies(ASK) == [{"message": "Blue.", "base": 1}]


def test_a_program_gets_one_document_and_no_progress(api: ScriptedApi) -> None:
    made(api, note="This starts from version 1.")
    status, said, _ = api.run("edit", "bakery", "Blue.", "--json")
    told = json.loads(said)
    assert (status, set(told)) == (0, {"job", "version", "preview"})
    assert (told["job"]["note"], told["preview"]["served"]) == ("This starts from version 1.", True)
    assert api.bodies(ASK) == [{"message": "Blue."}]


def test_a_preview_that_is_not_served_has_no_address(api: ScriptedApi) -> None:
    late = {"address": "w:80", "reason": "Its disk is full.", "hint": ""}
    api.answer({"GET /sites/bakery/slots/preview": SEEN | {"served": False, "late": [late]}})
    made(api)
    _, said, _ = api.run("edit", "bakery", "Blue.")
    assert "Version 2 is made; its preview is not served yet: w:80: Its disk is full." in said
    assert "Preview:" not in said


def test_a_version_that_failed_its_checks_is_not_in_preview(api: ScriptedApi) -> None:
    api.answer({"GET /sites/bakery": site(preview=1)})
    made(api, ("links", "failed", ["one", "and 9 more"]))
    _, said, _ = api.run("edit", "bakery", "Blue.")
    assert "Version 2 is not in preview, because checks failed." in said
    assert "Checks: 0 passed, failed: links (10)." in said
    assert "Publish it all the same: pagewright promote bakery 2 --accept-failed-checks" in said


def test_who_worked_on_an_older_version_is_told_how_to_get_the_rest(api: ScriptedApi) -> None:
    made(api, ("base", "warning", ["Made from version 1."]), note="It will lack version 2.")
    _, said, _ = api.run("edit", "bakery", "Blue.")
    assert said.splitlines()[0] == "It will lack version 2."
    assert "ask once more without --base" in said


def test_nothing_changed_is_a_status_of_its_own(api: ScriptedApi) -> None:
    api.answer(
        {
            ASK: job(state="queued"),
            "GET /jobs/j1/events": events(),
            "GET /jobs/j1": job(version=None, answer="Nothing was changed."),
        }
    )
    assert api.run("edit", "bakery", "Blue.") == (3, "Nothing was changed.\n", "")


@pytest.mark.parametrize(
    ("ended", "detail", "hint"),
    [
        ({"state": "failed", "error": {"detail": "It broke.", "hint": "Ask again."}}, "It broke.", "Ask again."),
        ({"state": "cancelled"}, "The job was cancelled.", ""),
    ],
)
def test_a_job_that_made_nothing_is_a_failure_with_its_reason(
    api: ScriptedApi, ended: dict[str, object], detail: str, hint: str
) -> None:
    api.answer({ASK: job(), "GET /jobs/j1/events": events(), "GET /jobs/j1": job(version=None, answer="", **ended)})
    status, said, error = api.run("edit", "bakery", "Blue.", "--json")
    told = json.loads(error)
    assert (status, said, told["detail"], told["hint"], told["job"]) == (1, "", detail, hint, "j1")
    assert told["title"] == f"Job {ended['state']}"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("queued", "Cancelling it."),
        ("running", "Cancelling it; its worker stops soon."),
        ("succeeded", "The job is succeeded."),
    ],
)
def test_cancelling_says_what_it_can_still_do(api: ScriptedApi, state: str, said: str) -> None:
    api.answer({"POST /jobs/j1/cancel": job(state=state)})
    assert api.run("cancel", "j1") == (0, f"{said}\n", "")


def test_jobs_are_listed_by_what_they_came_to(api: ScriptedApi) -> None:
    running = job(id="j2", outcome=None, state="running", phase="checking", message="x" * 99)
    api.answer({"GET /jobs": {"items": [running, job()], "next": None}})
    _, said, _ = api.run("jobs", "--site", "bakery", "--limit", "2")
    first, second, more = said.splitlines()
    assert "running checking" in first and first.endswith("x…")
    assert second.split() == ["j1", "bakery", "changed", "Blue."]
    assert more == "These are the first 2; --limit N lists more."
    assert "site=bakery" in api.asked[0][0]


def test_files_are_sent_before_the_request_that_names_them(api: ScriptedApi, tmp_path: Path) -> None:
    (tmp_path / "menu.pdf").write_bytes(b"%PDF-1.7")
    api.answer({"POST /sites/bakery/uploads": {"id": "u1"}})
    made(api)
    status, _, _ = api.run("edit", "bakery", "New menu.", "--attach", str(tmp_path / "menu.pdf"), "--use", "site")
    assert status == 0
    assert api.bodies(ASK) == [{"message": "New menu.", "attachments": [{"upload": "u1", "use": "site"}]}]


def test_a_file_that_is_not_there_sends_nothing(api: ScriptedApi, tmp_path: Path) -> None:
    status, _, told = api.run("edit", "bakery", "New menu.", "--attach", str(tmp_path / "menu.pdf"))
    assert status == 1
    assert "There is no file" in told
    assert api.asked == []
