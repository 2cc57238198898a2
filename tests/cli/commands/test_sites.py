"""Sites: made, imported, shown as they are served."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.commands.conftest import ScriptedApi, events, job, site, version

MADE = {"site": site(), "job": job(kind="create", state="queued")}
SEEN = {"slot": "preview", "version": 1, "served": True, "late": []}


def first_version(api: ScriptedApi) -> None:
    api.answer(
        {
            "POST /sites": MADE,
            "GET /jobs/j1/events": events(),
            "GET /jobs/j1": job(version=1, answer="Made."),
            "GET /sites/bakery": site(preview=1),
            "GET /sites/bakery/versions/1": version(1),
            "GET /sites/bakery/slots/preview": SEEN,
        }
    )


def test_a_site_is_called_like_its_address_unless_it_has_a_title(api: ScriptedApi) -> None:
    first_version(api)
    _, said, _ = api.run("site", "create", "bakery")
    assert said.splitlines() == [
        "Made.",
        "Preview: http://preview--bakery.test",
        "Publish it: pagewright promote bakery 1",
    ]
    api.run("site", "create", "bakery", "--title", "The bakery", "--template", "personal-page")
    assert api.bodies("POST /sites") == [
        {"name": "bakery", "title": "bakery", "template": "small-business"},
        {"name": "bakery", "title": "The bakery", "template": "personal-page"},
    ]


@pytest.mark.parametrize("name", ["___.zip", ".tar.gz", "ü.zip"])
def test_a_name_that_can_not_be_made_from_the_file_is_asked_for(api: ScriptedApi, name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    status, _, error = api.run("import", name)
    assert (status, "Say one with --site." in error, api.asked) == (1, True, [])


def test_a_file_that_is_not_there_is_told_before_anything_is_asked(api: ScriptedApi) -> None:
    status, _, error = api.run("import", "missing.zip", "--json")
    assert (status, json.loads(error)["detail"], api.asked) == (1, "There is no file missing.zip.", [])


def test_a_site_is_shown_with_what_is_served(api: ScriptedApi) -> None:
    late = {"served": False, "late": [{"address": "w:80", "reason": "Its disk is full.", "hint": "Free some."}]}
    api.answer(
        {
            "GET /sites/bakery": site(preview=2, current=1),
            "GET /sites/bakery/slots/preview": late,
            "GET /sites/bakery/slots/current": {"served": True, "late": []},
        }
    )
    _, said, _ = api.run("site", "show", "bakery")
    *_, preview, current = said.splitlines()
    assert preview.endswith("http://preview--bakery.test  not served yet: w:80: Its disk is full. Free some.")
    assert current == "current    version 1  http://bakery.test"
    assert not re.search("^group ", said, re.MULTILINE)
    api.answers["GET /sites/bakery"] = [site() | {"group": "Food"}]
    assert "group      Food" in api.run("site", "show", "bakery")[1].splitlines()
    api.answers["GET /sites/bakery"] = [site(preview=2, current=1)]
    api.asked.clear()
    assert json.loads(api.run("site", "show", "bakery", "--json")[1])["slots"] == {"preview": 2, "current": 1}
    assert [asked for asked, _ in api.asked] == ["GET /sites/bakery"], "a program asks for slots itself"


def test_sites_are_listed_with_their_slots_or_their_trouble(api: ScriptedApi) -> None:
    damaged = site() | {"name": "cafe", "trouble": "Its versions can not be read."}
    api.answer({"GET /sites": {"items": [site(current=1), damaged, site()], "next": None}})
    lines = api.run("site", "list")[1].splitlines()
    assert ["current 1" in lines[0], "can not be read" in lines[1], "nothing shown yet" in lines[2]] == [True] * 3
    api.answers["GET /sites"] = [{"items": [], "next": None}]
    assert api.run("site", "list")[1] == "There are no sites yet.\n"


def test_sites_are_searched_sorted_and_made_in_groups(api: ScriptedApi) -> None:
    waiting = site() | {"waiting": "failed"}
    api.answer({"GET /sites": {"items": [waiting], "next": None}})
    assert "[the last request failed]" in api.run("site", "list", "--waiting", "--sort", "changed")[1]
    assert api.asked[-1][0].endswith("sort=changed&waiting=True")
    api.answers["GET /sites"] = [{"items": [], "next": None}]
    assert api.run("site", "list", "--search", "Bäcker", "--group", "Shops")[1] == "No site fits this.\n"
    assert api.asked[-1][0].endswith("&search=B%C3%A4cker&group=Shops")
    first_version(api)
    api.run("site", "create", "bakery", "--group", "Shops")
    assert api.bodies("POST /sites")[-1]["group"] == "Shops"


def test_orphans_are_named_with_whose_they_were(api: ScriptedApi) -> None:
    items = [{"name": "cafe", "latest": 3, "author": "ana"}, {"name": "dorm", "latest": None, "author": None}]
    api.answer({"GET /orphans": {"items": items, "next": None}, "POST /orphans/cafe/adopt": site() | {"name": "cafe"}})
    lines = api.run("site", "orphans")[1].splitlines()
    assert lines[0].split(maxsplit=1)[1] == "version 3 is by ana"
    assert lines[1].split(maxsplit=1)[1] == "no version"
    assert api.run("site", "adopt", "cafe", "ana@example.org")[1] == "cafe belongs to ana now.\n"
