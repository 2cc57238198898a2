"""A site's title and group, its export, deleting it and bringing it back, over HTTP."""

import io
import zipfile
from datetime import datetime, timedelta

import httpx

from shared.domain.check_rules import CheckRules
from tests.api.conftest import World, problem


def test_a_title_is_changed(world: World) -> None:
    name = world.site()
    answer = world.ana.patch(f"sites/{name}", json={"title": "  Mira’s Bakery "})
    assert (answer.status_code, answer.json()["title"]) == (200, "Mira’s Bakery")
    assert world.ana.get(f"sites/{name}").json()["title"] == "Mira’s Bakery"
    for wrong in ({"title": " "}, {"title": "two\nlines"}, {}, {"title": "Fine", "name": "other"}):
        problem(world.ana.patch(f"sites/{name}", json=wrong), 422)
    entry = world.root.get("audit", params={"site": name}).json()["items"][0]
    assert (entry["actor"], entry["action"]) == ("ana@example.org", "site.update")


def test_a_site_is_put_into_a_group_and_out_of_it_without_a_change_of_its_title(world: World) -> None:
    name = world.site()
    before = world.ana.get(f"sites/{name}").json()
    answer = world.ana.patch(f"sites/{name}", json={"group": "  Cafés "})
    assert (answer.status_code, answer.json()) == (200, before | {"group": "Cafés"})
    assert [site["name"] for site in world.ana.get("sites", params={"group": "Cafés"}).json()["items"]] == [name]
    both = world.ana.patch(f"sites/{name}", json={"title": "Mira’s", "group": "Food"}).json()
    assert (both["title"], both["group"]) == ("Mira’s", "Food")
    assert world.ana.patch(f"sites/{name}", json={"title": "Mia’s"}).json()["group"] == "Food"
    for nothing in (None, ""):
        world.ana.patch(f"sites/{name}", json={"group": "Food"})
        assert world.ana.patch(f"sites/{name}", json={"group": nothing}).json()["group"] is None
        assert world.ana.get("sites", params={"group": "Food"}).json()["items"] == []
    problem(world.ben.patch(f"sites/{name}", json={"group": "Mine"}), 404)
    entries = world.root.get("audit", params={"site": name}).json()["items"]
    assert [entry["details"].get("group") for entry in entries if entry["action"] == "site.group"][-1] == "Cafés"


def test_what_is_wrong_with_a_group_is_said_and_changes_nothing(world: World) -> None:
    name = world.site()
    before = world.ana.get(f"sites/{name}").json()
    for wrong, said in (
        ({"group": "x" * 61}, "The field group is too long."),
        ({"group": " "}, "The field group is too short."),
        ({"group": 5}, "The field group is not a text."),
        ({"group": "Food", "title": None}, "The field title is not a text."),
        ({"group": "two\nlines"}, "The field group is not right"),
        ({}, "Nothing is to be changed."),
    ):
        assert said in problem(world.ana.patch(f"sites/{name}", json=wrong), 422)["detail"]
    assert world.ana.get(f"sites/{name}").json() == before


def test_what_holds_changes_back_goes_with_each_request_until_it_is_usual_again(world: World) -> None:
    name = world.site("First")
    before = world.ana.get(f"sites/{name}").json()
    said = {"severities": {"links": "warn", "width": "block"}, "page_kilobytes": 800}
    kept = said | {"severities": {"links": "warn"}}
    assert world.ana.patch(f"sites/{name}", json={"checks": said}).json() == before | {"checks": kept}
    for wrong in ({"severities": {"home page": "info"}}, {"severities": {"links": "no"}}, {"page_kilobytes": 1}, 5):
        problem(world.ana.patch(f"sites/{name}", json={"checks": wrong}), 422)
    world.ana.post(f"sites/{name}/jobs", json={"message": "Second"})
    world.ana.post(f"sites/{name}/versions/1/restore")
    world.work(name)
    asked = [one.rules for one in world.worker.requests if one.site == name]
    assert asked == [None, None, *2 * [CheckRules.model_validate(kept)]]
    assert world.ana.patch(f"sites/{name}", json={"checks": None}).json() == before | {
        "changed_at": world.ana.get(f"sites/{name}").json()["changed_at"],
        "latest": 4,
        "slots": world.ana.get(f"sites/{name}").json()["slots"],
    }
    entries = world.root.get("audit", params={"site": name}).json()["items"]
    assert [entry["details"] for entry in entries if entry["action"] == "site.checks"] == [{}, kept]


def test_a_deleted_site_is_refused_with_a_clear_sentence_and_comes_back(world: World) -> None:
    name = world.site()
    job = world.ana.post(f"sites/{name}/jobs", json={"message": "Make it blue."}).json()["id"]
    removed = world.ana.delete(f"sites/{name}").json()
    moments = [datetime.fromisoformat(removed[key]) for key in ("removed_at", "until")]
    assert (moments[1] - moments[0], removed["late"]) == (timedelta(days=30), "")
    for answer in (
        world.ana.get(f"sites/{name}"),
        world.ana.post(f"sites/{name}/jobs", json={"message": "More."}),
        world.ana.get(f"sites/{name}/versions"),
        world.ana.delete(f"sites/{name}"),
    ):
        assert f"The site {name} was deleted." in problem(answer, 410)["detail"]
    problem(world.ben.get(f"sites/{name}"), 404)
    problem(world.ana.get(f"jobs/{job}"), 404)
    assert name not in [site["name"] for site in world.ana.get("sites", params={"limit": 100}).json()["items"]]
    assert removed in world.ana.get("deleted-sites").json()["items"]
    assert removed not in world.ben.get("deleted-sites").json()["items"]
    for client in (world.ana, world.ben):
        problem(client.post("sites", json={"name": name, "title": "Mine", "template": "personal-page"}), 409)
    assert name not in [orphan["name"] for orphan in world.root.get("orphans", params={"limit": 100}).json()["items"]]
    problem(world.ben.post(f"sites/{name}/undelete"), 404)
    assert world.ana.post(f"sites/{name}/undelete").json()["latest"] == 1
    problem(world.ana.post(f"sites/{name}/undelete"), 404)
    assert world.wait(job)["state"] == "cancelled"
    told = [entry["action"] for entry in world.root.get("audit", params={"site": name}).json()["items"][:2]]
    assert told == ["site.undelete", "site.delete"]


def test_a_site_without_a_version_is_gone_at_once_and_its_name_is_free(world: World) -> None:
    name = world.queued_site()
    assert world.ana.delete(f"sites/{name}").json()["until"] is None
    problem(world.ana.get(f"sites/{name}"), 404)
    problem(world.ana.post(f"sites/{name}/undelete"), 404)
    made = world.ben.post("sites", json={"name": name, "title": "Ben’s", "template": "personal-page"})
    assert (made.status_code, made.json()["site"]["owner"]) == (201, "ben@example.org")
    assert len(world.ben.get(f"sites/{name}/messages").json()["items"]) == 1, "nothing of what ana had asked for"
    problem(world.ana.get(f"sites/{name}"), 404)
    world.worker.work()


def test_an_export_is_a_zip_of_a_version_or_of_all(world: World) -> None:
    name = world.site("Make it blue.")
    path = f"sites/{name}/export"
    newest, first = world.ana.get(path), world.ana.get(path, params={"version": 1})
    assert newest.headers["content-type"] == "application/zip"
    assert newest.headers["content-disposition"] == f'attachment; filename="{name}-v2.zip"'
    assert b"Make it blue." in _files(newest)["index.html"]
    assert b"Make it blue." not in _files(first)["index.html"]
    assert newest.content == world.ana.get(path).content
    history = world.ana.get(path, params={"history": "true"})
    assert history.headers["content-disposition"] == f'attachment; filename="{name}-history.zip"'
    assert {"version-0001/record.json", "version-0002/public/index.html"} <= set(_files(history))
    problem(world.ana.get(path, params={"version": 3}), 404)
    problem(world.ana.get(path, params={"version": 1, "history": "true"}), 422)
    unmade = world.queued_site()
    problem(world.ana.get(f"sites/{unmade}/export"), 404)
    world.worker.work()


def _files(answer: httpx.Response) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
