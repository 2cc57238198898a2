"""What nobody asked for is taken back, kept or undone with the rest; the exit status says whether anything is new."""

import pytest

from tests.cli.commands.conftest import ScriptedApi, events, job, site, version

DONE = {"GET /jobs/j1/events": events(), "GET /sites/bakery/versions/2": version(), "GET /sites/bakery": site()}


@pytest.mark.parametrize(("word", "path"), [("keep", "keep-asked"), ("undo", "undo")])
def test_a_new_version_is_made_and_told(api: ScriptedApi, word: str, path: str) -> None:
    api.answer(DONE | {f"POST /sites/bakery/versions/1/{path}": job(), "GET /jobs/j1": job(answer="As before: a.css")})
    status, said, _ = api.run(word, "bakery", "1")
    assert (status, said.splitlines()[0]) == (0, "As before: a.css")
    assert "Version 2: " in said


def test_that_nothing_was_changed_has_a_status_of_its_own(api: ScriptedApi) -> None:
    ended = job(version=None, answer="Nothing was changed.")
    api.answer(DONE | {"POST /sites/bakery/versions/1/keep-asked": job(), "GET /jobs/j1": ended})
    assert api.run("keep", "bakery", "1")[:2] == (3, "Nothing was changed.\n")


def test_all_is_kept(api: ScriptedApi) -> None:
    api.answer({"POST /sites/bakery/versions/2/keep-all": {"version": 2, "slot": "preview"}})
    assert api.run("keep", "bakery", "2", "--all")[:2] == (0, "All of version 2 is kept; it is in preview.\n")
