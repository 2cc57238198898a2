"""Requests that wait, on the command line: what is asked of the API, and what a person is told."""

import json

from tests.cli.commands.conftest import ScriptedApi, job


def waiting(id_: str, message: str, edits: int = 0) -> dict[str, object]:
    return job(id=id_, message=message, edits=edits, state="queued", version=None, outcome=None)


def test_what_waits_is_listed_as_it_will_run(api: ScriptedApi) -> None:
    api.answer({"GET /sites/bakery/queue": {"items": [waiting("j2", "Red.", 1), waiting("j1", "Blue.")], "next": None}})
    assert api.run("queue", "list", "bakery") == (0, "j2  Red.  (edited)\nj1  Blue.\n", "")
    assert [one["id"] for one in json.loads(api.run("queue", "list", "bakery", "--json")[1])] == ["j2", "j1"]
    api.answer({"GET /sites/empty/queue": {"items": [], "next": None}})
    assert api.run("queue", "list", "empty")[1] == "Nothing waits.\n"


def test_one_is_edited_and_moved(api: ScriptedApi) -> None:
    api.answer({"PATCH /jobs/j1": waiting("j1", "Red.", 2)})
    assert api.run("queue", "edit", "j1", "Red.") == (0, "It says now: Red.\n", "")
    api.run("queue", "edit", "j1", "Red.", "--edits", "0")
    assert api.bodies("PATCH /jobs/j1") == [{"message": "Red."}, {"message": "Red.", "edits": 0}]
    api.answer({"POST /jobs/j1/move": {"items": [waiting("j1", "Red."), waiting("j2", "Blue.")], "next": None}})
    assert api.run("queue", "move", "j1", "--before", "j2")[1] == "j1  Red.\nj2  Blue.\n"
    api.run("queue", "move", "j1")
    assert api.bodies("POST /jobs/j1/move") == [{"before": "j2"}, {}]


def test_one_that_has_begun_is_told_with_the_reason(api: ScriptedApi) -> None:
    api.answer({"PATCH /jobs/j1": 409})
    assert api.run("queue", "edit", "j1", "Red.") == (1, "", "pagewright: No: 409.\nLook.\n")


def test_withdrawing_says_how_many_and_which_had_begun(api: ScriptedApi) -> None:
    cancel = "POST /sites/bakery/queue/cancel"
    for number, said in ((0, "Nothing was"), (1, "1 request was"), (2, "2 requests were")):
        gone = [waiting(f"j{count}", "Red.") for count in range(number)]
        api.answers[cancel] = [{"withdrawn": gone, "begun": [waiting("j9", "Blue.")]}]
        assert api.run("queue", "cancel", "bakery")[1] == f"{said} withdrawn.\nHad begun: j9  Blue.\n"
    api.run("queue", "cancel", "bakery", "j1", "j2")
    assert api.bodies(cancel) == [{"jobs": []}] * 3 + [{"jobs": ["j1", "j2"]}]
