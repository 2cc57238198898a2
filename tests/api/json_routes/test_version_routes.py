"""A version's bytes over HTTP: hostile ones never become a page of ours."""

import pytest

from shared.domain.archive import unpack
from tests.api.conftest import World, problem
from tests.api.tiny_worker import PICTURE


@pytest.fixture(scope="module")
def site(world: World) -> str:
    return world.site("second", "third")


def test_the_artifact_is_the_bytes_of_the_record(world: World, site: str) -> None:
    answer = world.ana.get(f"sites/{site}/versions/2/artifact")
    assert answer.headers["content-disposition"] == f'attachment; filename="{site}-v2.tar.gz"'
    assert "second" in unpack(answer.content).source["index.html"].decode()
    assert len(answer.content) == world.ana.get(f"sites/{site}/versions/2").json()["artifact"]["size"]


def test_i7_hostile_bytes_are_inert_on_our_origin(world: World, site: str) -> None:
    text = world.ana.get(f"sites/{site}/versions/1/files/evil.html")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    binary = world.ana.get(f"sites/{site}/versions/1/files/logo.png")
    assert binary.headers["content-type"] == "application/octet-stream"
    assert binary.headers["content-disposition"] == "attachment"
    picture = world.ana.get(f"sites/{site}/versions/1/screenshots/phone/index.html")
    assert (picture.headers["content-type"], picture.content) == ("image/jpeg", PICTURE)
    for answer in (text, binary, picture, world.ana.get(f"sites/{site}/versions/1/artifact")):
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_screenshots_that_do_not_exist_are_not_found(world: World, site: str) -> None:
    for path in ("desktop/index.html", "phone/other.html", "phone/x"):
        problem(world.ana.get(f"sites/{site}/versions/1/screenshots/{path}"), 404)


def test_a_version_tells_what_it_broke_and_mended(world: World) -> None:
    """In a list as alone; and before it is published, what visitors will meet otherwise."""
    name = world.site("bad checks", "mend it")
    listed = {version["number"]: version for version in world.ana.get(f"sites/{name}/versions").json()["items"]}
    for number, against, counts in ((1, None, (0, 0, 0)), (2, 1, (1, 0, 0)), (3, 2, (0, 0, 1))):
        told = world.ana.get(f"sites/{name}/versions/{number}").json()["problems"]
        assert told == listed[number]["problems"]
        assert told["against"] == against
        assert (len(told["new"]), len(told["old"]), told["mended_count"]) == counts
    (alone,) = world.ana.get(f"sites/{name}/versions", params={"limit": 1}).json()["items"]
    assert alone["problems"]["mended"][0]["check"] == "links", "its parent is behind the end of the page"
    plan = world.ana.get(f"sites/{name}/versions/2/publication").json()
    assert (plan["version"], plan["live"], plan["newest"], plan["home_page"]) == (2, None, 3, "")
    assert [one["text"] for one in plan["problems"]["new"]] == ["The check links failed."]
    assert plan["changes"]["added"] == ["index.html", "evil.html"]
    problem(world.ana.get(f"sites/{name}/versions/4/publication"), 404)


def test_the_report_of_the_checks_is_no_picture(world: World, site: str) -> None:
    """It stands among the screenshots of the signed record, which older releases can read."""
    listed = world.ana.get(f"sites/{site}/versions").json()["items"]
    for version in (world.ana.get(f"sites/{site}/versions/1").json(), *listed):
        assert [(shot["page"], shot["viewport"]) for shot in version["screenshots"]] == [("index.html", "phone")]
    problem(world.ana.get(f"sites/{site}/versions/1/screenshots/report/"), 404)
