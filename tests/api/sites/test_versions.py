"""Versions over HTTP: records, bytes, differences, pictures; hostile bytes never become a page of ours."""

import pytest

from tests.api.conftest import World, problem


@pytest.fixture(scope="module")
def site(world: World) -> str:
    return world.site("second", "third")


def test_versions_are_listed_newest_first_in_pages(world: World, site: str) -> None:
    page = world.ana.get(f"sites/{site}/versions", params={"limit": 2}).json()
    assert [version["number"] for version in page["items"]] == [3, 2]
    rest = world.ana.get(f"sites/{site}/versions", params={"before": page["next"]}).json()
    assert ([version["number"] for version in rest["items"]], rest["next"]) == ([1], None)
    problem(world.ana.get(f"sites/{site}/versions", params={"before": 0}), 422)


def test_a_version_tells_its_whole_story(world: World, site: str) -> None:
    version = world.ana.get(f"sites/{site}/versions/2").json()
    assert (version["number"], version["parent"], version["kind"]) == (2, 1, "edit")
    assert (version["message"], version["author"]) == ("second", "ana@example.org")
    assert [change["path"] for change in version["files"]["modified"]] == ["index.html", "logo.png"]
    assert version["checks"] == [{"name": "links", "status": "passed", "findings": []}]
    assert version["signature"]["value"]
    assert world.ana.get(f"jobs/{version['job']}").json()["version"] == 2


@pytest.mark.parametrize("number", ["0", "4", "-1", "one", "1" * 5000, "9" * 15, "²", "1.0"])
def test_versions_that_do_not_exist_are_not_found(world: World, site: str, number: str) -> None:
    problem(world.ana.get(f"sites/{site}/versions/{number}"), 404)
    problem(world.ana.get(f"sites/{site}/versions/{number}/files/index.html"), 404)


def test_source_files_are_listed_and_shown(world: World, site: str) -> None:
    items = world.ana.get(f"sites/{site}/versions/1/files").json()["items"]
    assert [item["path"] for item in items] == ["evil.html", "index.html", "logo.png"]
    problem(world.ana.get(f"sites/{site}/versions/1/files/nowhere.html"), 404)
    problem(world.ana.get(f"sites/{site}/versions/1/files/%2e%2e/%2e%2e/etc/passwd"), 404)


def test_against_nothing_every_file_is_added(world: World, site: str) -> None:
    """What version 1 is compared with by itself can be asked for by number, of each version."""
    first = world.ana.get(f"sites/{site}/versions/1/diff").json()
    assert world.ana.get(f"sites/{site}/versions/1/diff", params={"against": 0}).json() == first
    third = world.ana.get(f"sites/{site}/versions/3/diff", params={"against": 0}).json()
    assert (third["against"], {file["change"] for file in third["files"]}) == (None, {"added"})
    assert third["total"] == len(world.ana.get(f"sites/{site}/versions/3/files").json()["items"])
    problem(world.ana.get(f"sites/{site}/versions/3/diff", params={"against": -1}), 422)


def test_differences_are_told_against_the_parent_or_any_version(world: World, site: str) -> None:
    difference = world.ana.get(f"sites/{site}/versions/3/diff").json()
    assert (difference["number"], difference["against"], difference["complete"]) == (3, 2, True)
    page, logo = difference["files"]
    assert (page["path"], page["change"]) == ("index.html", "modified")
    assert "\n+third\n" in page["diff"]
    assert (logo["path"], logo["binary"], logo["diff"]) == ("logo.png", True, None)
    difference = world.ana.get(f"sites/{site}/versions/3/diff", params={"against": 1}).json()
    assert "\n+second\n+third\n" in difference["files"][0]["diff"]
    first = world.ana.get(f"sites/{site}/versions/1/diff").json()
    assert first["against"] is None
    assert {file["change"] for file in first["files"]} == {"added"}
    problem(world.ana.get(f"sites/{site}/versions/3/diff", params={"against": 9}), 404)
    problem(world.ana.get(f"sites/{site}/versions/3/diff", params={"against": "x"}), 422)
