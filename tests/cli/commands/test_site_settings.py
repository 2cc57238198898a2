"""A site's title and group, its address, deleting it and bringing it back."""

import json

from tests.cli.commands.conftest import ScriptedApi, site

REMOVED = {
    "name": "bakery",
    "title": "Bakery",
    "owner": "ana@example.org",
    "removed_at": "2026-11-23T12:00:00Z",
    "removed_by": "ana@example.org",
    "until": "2026-12-23T12:00:00Z",
    "late": "",
}


def test_a_title_is_changed(api: ScriptedApi) -> None:
    api.answer({"PATCH /sites/bakery": site() | {"title": "Mira’s", "group": None}})
    assert api.run("site", "set", "bakery", "--title", "Mira’s")[1] == "bakery is called “Mira’s” now.\n"
    assert api.bodies("PATCH /sites/bakery") == [{"title": "Mira’s"}]
    status, _, error = api.run("site", "set", "bakery")
    needs = "One of the arguments --title --group --check --page-kilobytes is required."
    assert (status, needs in error, len(api.asked)) == (2, True, 1)


def test_a_site_is_put_into_a_group_and_out_of_it(api: ScriptedApi) -> None:
    api.answer({"PATCH /sites/bakery": site() | {"title": "Mira’s", "group": "Food"}})
    api.answer({"PATCH /sites/bakery": site() | {"group": None}})
    assert api.run("site", "set", "bakery", "--title", "Mira’s", "--group", "Food")[1].splitlines() == [
        "bakery is called “Mira’s” now.",
        "bakery is in the group “Food” now.",
    ]
    assert api.run("site", "set", "bakery", "--group", "")[1] == "bakery is in no group now.\n"
    assert api.bodies("PATCH /sites/bakery") == [{"title": "Mira’s", "group": "Food"}, {"group": ""}]


def test_what_holds_changes_back_is_said_beside_what_was_said_before(api: ScriptedApi) -> None:
    said = {"severities": {"links": "warn"}, "page_kilobytes": 3000}
    now = {"severities": {"links": "warn", "weight": "block"}, "page_kilobytes": 800}
    api.answer(
        {"GET /sites/bakery": site() | {"checks": said}, "PATCH /sites/bakery": site() | {"group": None, "checks": now}}
    )
    _, told, _ = api.run("site", "set", "bakery", "--check", "weight=block", "--page-kilobytes", "800")
    assert told == "bakery has these checks of its own: links=warn, weight=block, 800 kB a page now.\n"
    assert api.bodies("PATCH /sites/bakery") == [{"checks": now}]


def test_a_site_without_rules_has_the_usual_checks(api: ScriptedApi) -> None:
    api.answer({"GET /sites/bakery": site(), "PATCH /sites/bakery": site() | {"group": None}})
    assert api.run("site", "set", "bakery", "--check", "links=block")[1] == "bakery has the usual checks now.\n"


def test_a_site_gets_another_address(api: ScriptedApi) -> None:
    former = [{"address": "laden", "until": None}, {"address": "bakery", "until": "2026-12-23T12:00:00Z"}]
    found = {"address": "brot", "url": "https://brot.sites.example.org", "former": former}
    api.answer({"PUT /sites/bakery/address": found, "GET /sites/bakery/address": found})
    told = [
        "The address of bakery is https://brot.sites.example.org",
        "laden leads there for ever.",
        "bakery leads there until 2026-12-23.",
    ]
    assert api.run("site", "address", "bakery", "brot")[1].splitlines() == told
    assert api.run("site", "address", "bakery", "brot", "--forward", "30d", "--expect", "laden")[0] == 0
    assert api.bodies("PUT /sites/bakery/address") == [
        {"address": "brot", "forward": "1y"},
        {"address": "brot", "forward": "30d", "expected": "laden"},
    ]
    assert api.run("site", "address", "bakery")[1].splitlines() == told
    assert json.loads(api.run("site", "address", "bakery", "--json")[1]) == found
    assert api.run("site", "address", "bakery", "brot", "--forward", "2d")[0] == 2


def test_who_deletes_is_told_until_when_it_can_be_brought_back(api: ScriptedApi) -> None:
    api.answer({"DELETE /sites/bakery": REMOVED})
    assert api.run("site", "delete", "bakery")[1].splitlines() == [
        "bakery is deleted. `pagewright site undelete bakery` brings it back until 2026-12-23.",
        "Its versions stay on the server until an operator erases them.",
    ]
    assert json.loads(api.run("site", "delete", "bakery", "--json")[1]) == REMOVED


def test_who_deletes_is_told_if_visitors_may_still_see_it(api: ScriptedApi) -> None:
    api.answer({"DELETE /sites/bakery": REMOVED | {"late": "Visitors are to see nothing, but no web host answers."}})
    assert "but no web host answers.\n" in api.run("site", "delete", "bakery")[1]


def test_a_site_without_a_version_is_gone_at_once(api: ScriptedApi) -> None:
    api.answer({"DELETE /sites/bakery": REMOVED | {"until": None}})
    assert "its name is free again" in api.run("site", "delete", "bakery")[1]


def test_a_deleted_site_is_listed_and_brought_back(api: ScriptedApi) -> None:
    api.answer({"GET /deleted-sites": {"items": [REMOVED], "next": None}, "POST /sites/bakery/undelete": site()})
    assert api.run("site", "deleted")[1] == "bakery                   until 2026-12-23  Bakery\n"
    assert api.run("site", "undelete", "bakery")[1] == "bakery is among your sites again.\n"
    assert api.run("site", "undelete", "cafe")[0] == 1
