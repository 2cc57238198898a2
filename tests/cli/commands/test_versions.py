"""Versions: compared, published, rolled back, saved."""

import json
from typing import Any

import pytest

from tests.cli.commands.conftest import ScriptedApi, site, version

DEPLOY = "POST /sites/bakery/deployments"
EMPTY = ("home page", "warning", ["The site has no home page: its address answers so."])


def deployments(*versions: int | None, slot: str = "current") -> dict[str, Any]:
    return {"items": [{"slot": slot, "version": number} for number in versions], "next": None}


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ((), {"slot": "current", "version": 2}),
        (("--slot", "preview"), {"slot": "preview", "version": 2}),
        (("--expect", "1"), {"slot": "current", "version": 2, "expected": 1}),
        (("--expected", "1"), {"slot": "current", "version": 2, "expected": 1}),
        (("--expected", "0"), {"slot": "current", "version": 2, "expected": None}),
        (("--accept-failed-checks",), {"slot": "current", "version": 2, "accept_failed_checks": True}),
    ],
)
def test_a_version_is_published_as_it_was_asked(
    api: ScriptedApi, words: tuple[str, ...], body: dict[str, object]
) -> None:
    api.answer({"GET /sites/bakery/versions/2": version(), DEPLOY: {"version": 2}, "GET /sites/bakery": site()})
    status, said, _ = api.run("promote", "bakery", "2", *words)
    address = "http://preview--bakery.test" if "preview" in words else "http://bakery.test"
    assert (status, said) == (0, f"Version 2 is live: {address}\n")
    assert api.bodies(DEPLOY) == [body]


def test_a_bad_home_page_is_told_before_visitors_see_it(api: ScriptedApi) -> None:
    api.answer({"GET /sites/bakery/versions/2": version(2, EMPTY), DEPLOY: {"version": 2}, "GET /sites/bakery": site()})
    status, _, error = api.run("promote", "bakery", "2")
    assert (status, "Visitors will" in error, api.bodies(DEPLOY)) == (1, True, [])
    assert api.run("promote", "bakery", "2", "--slot", "preview")[0] == 0


def test_what_changes_for_visitors_is_told_and_a_home_page_that_they_know_is_not(api: ScriptedApi) -> None:
    changes = {"added": ["menu.html"], "modified": [], "removed": [], "unnamed": 0, "other": []}
    found = {"version": 2, "live": 1, "newest": 2, "changes": changes, "home_page": ""}
    found["problems"] = {"new": [], "unclear": [], "mended_count": 0}
    api.answer({"GET /sites/bakery/versions/2/publication": found, DEPLOY: {"version": 2}, "GET /sites/bakery": site()})
    status, said, _ = api.run("promote", "bakery", "2")
    assert (status, said.splitlines()) == (0, ["Visitors get: menu.html.", "Version 2 is live: http://bakery.test"])


def test_a_version_that_failed_its_checks_is_the_apis_to_refuse(api: ScriptedApi) -> None:
    failed = version(2, EMPTY, ("links", "failed", []))
    api.answer({"GET /sites/bakery/versions/2": failed, DEPLOY: 409})
    status, _, error = api.run("promote", "bakery", "2")
    assert (status, error.splitlines()[0], len(api.bodies(DEPLOY))) == (1, "pagewright: No: 409.", 1)


def test_a_rollback_is_to_what_visitors_saw_before(api: ScriptedApi) -> None:
    shown = {"items": [*deployments(3, slot="preview")["items"], *deployments(3, 3, 2, 1)["items"]], "next": None}
    api.answer({"GET /sites/bakery/deployments": shown, "GET /sites/bakery/versions/2": version(2, EMPTY)})
    api.answer({DEPLOY: {"version": 2}})
    status, said, _ = api.run("rollback", "bakery")
    assert (status, said.splitlines()[-1]) == (0, "Rolled back from version 3 to version 2; it is live.")
    assert said.startswith("Visitors will")
    assert api.bodies(DEPLOY) == [{"slot": "current", "version": 2, "accept_failed_checks": True, "expected": 3}]


def test_a_rollback_may_name_what_visitors_are_to_see_now(api: ScriptedApi) -> None:
    api.answer({"GET /sites/bakery/deployments": deployments(3, 2), "GET /sites/bakery/versions/2": version(2)})
    api.answer({DEPLOY: 409})
    status, _, error = api.run("rollback", "bakery", "--expect", "4")
    assert (status, "No: 409." in error, api.bodies(DEPLOY)[0]["expected"]) == (1, True, 4)


@pytest.mark.parametrize("shown", [deployments(), deployments(1), deployments(1, 1), deployments(2, 1, slot="preview")])
def test_there_may_be_nothing_to_roll_back_to(api: ScriptedApi, shown: dict[str, Any]) -> None:
    api.answer({"GET /sites/bakery/deployments": shown})
    status, _, error = api.run("rollback", "bakery")
    assert (status, "No other version of bakery was published before." in error, api.bodies(DEPLOY)) == (1, True, [])


def test_a_site_that_was_taken_down_is_rolled_back_to_what_visitors_saw(api: ScriptedApi) -> None:
    listed = {"GET /sites/bakery/deployments": deployments(None, 2, 1)}
    api.answer(listed | {"GET /sites/bakery/versions/2": version(), DEPLOY: {"version": 2}})
    assert api.run("rollback", "bakery")[:2] == (0, "Version 2 is shown again; it is live.\n")
    assert [body["expected"] for body in api.bodies(DEPLOY)] == [None]


@pytest.mark.parametrize(
    ("slots", "words", "more", "told"),
    [
        ({"current": 2}, (), {"expected": 2}, " `pagewright promote bakery 2` shows version 2 again."),
        ({"current": 2}, ("--expect", "1"), {"expected": 1}, " `pagewright promote bakery 2` shows version 2 again."),
        ({"preview": 2}, (), {}, ""),
    ],
)
def test_a_site_is_taken_down(
    api: ScriptedApi, slots: dict[str, int], words: tuple[str, ...], more: dict[str, int], told: str
) -> None:
    api.answer({"GET /sites/bakery": site() | {"slots": slots}, DEPLOY: {"version": None}})
    status, said, _ = api.run("unpublish", "bakery", *words)
    assert (status, said) == (0, f"Visitors of http://bakery.test see nothing now.{told}\n")
    assert api.bodies(DEPLOY) == [{"slot": "current", "version": None, **more}]


def test_a_difference_is_told_file_by_file(api: ScriptedApi) -> None:
    files = [
        {"path": "a.html", "change": "modified", "binary": False, "diff": "--- a\n+++ b\n+new\n"},
        {"path": "b.png", "change": "added", "binary": True, "diff": None},
        {"path": "c.txt", "change": "removed", "binary": False, "diff": None},
    ]
    difference = {"files": files, "total": 1003}
    api.answer({"GET /sites/bakery/versions/2/diff": difference})
    assert api.run("diff", "bakery", "0", "2")[1].splitlines() == [
        "--- a",
        "+++ b",
        "+new",
        "added b.png (binary)",
        "removed c.txt (too large to show)",
        "And 1,000 more: 1,003 files differ in all.",
    ]
    assert api.asked[0][0].endswith("?against=0")
    api.answers["GET /sites/bakery/versions/2/diff"] = [{"files": [], "total": 0}]
    api.answer({"GET /sites/bakery/versions/2/changes": {"against": 1, "changes": None}})
    assert api.run("diff", "bakery", "1", "2")[1].splitlines() == [
        "What a person sees otherwise is not known: these two versions were not compared.",
        "Nothing differs.",
    ]


def test_a_difference_from_the_parent_begins_with_what_a_person_sees(api: ScriptedApi) -> None:
    changes = [
        {"sentence": "a.html: Headline: “Vier” → “Offline”", "verdict": "asked"},
        {"sentence": "a.html: Background: cream → white", "verdict": "unasked"},
    ]
    seen = {"against": 3, "changes": changes, "total": 1502, "unread": ["b.html"], "unread_count": 3}
    api.answer(
        {
            "GET /sites/bakery/versions/4/changes": seen,
            "GET /sites/bakery/versions/4/diff": {"files": [], "total": 0},
        }
    )
    assert api.run("diff", "bakery", "3", "4")[1].splitlines() == [
        "* a.html: Headline: “Vier” → “Offline”",
        "* Nobody asked for this: a.html: Background: cream → white",
        "* and 1,500 more",
        "* What changed on these pages is not known, because they could not be read: b.html and 2 more",
        "Nothing differs.",
    ]
    assert json.loads(api.run("diff", "bakery", "3", "4", "--json")[1]) == {"files": [], "total": 0, "seen": seen}
    assert api.run("diff", "bakery", "2", "4")[1] == "Nothing differs.\n", "that is not its parent"


def test_versions_are_listed_with_where_they_are_shown(api: ScriptedApi) -> None:
    api.answer({"GET /sites/bakery": site(preview=3, current=2)})
    api.answer({"GET /sites/bakery/versions": {"items": [version(3), version(2)], "next": "2"}})
    lines = api.run("versions", "bakery", "--limit", "2")[1].splitlines()
    assert ["[preview]" in lines[0], "[current]" in lines[2]] == [True, True]
    assert lines[-1] == "These are 2 of 3 versions; --limit N lists more."
