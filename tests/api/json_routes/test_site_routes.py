"""Sites over HTTP: which fields and forms are taken, lists in pages, templates."""

import pytest

from daemons.api.json_routes.site_routes import DeploymentInput, file_name
from tests.api.conftest import World, archive, problem


def test_bad_fields_are_named(world: World) -> None:
    good = {"name": "fine", "title": "Fine", "template": "small-business"}
    for field, value in (
        ("name", "Not A Name"),
        ("name", "a--b"),
        ("name", "x" * 41),
        ("name", 3),
        ("title", ""),
        ("title", "a\nb"),
        ("title", "x" * 121),
        ("title", None),
    ):
        assert field in problem(world.ana.post("sites", json=good | {field: value}), 422)["detail"]
    assert "colour" in problem(world.ana.post("sites", json=good | {"colour": "blue"}), 422)["detail"]
    assert "template" in problem(world.ana.post("sites", json={"name": "fine", "title": "Fine"}), 422)["detail"]


def test_templates_are_listed_with_a_picture(world: World) -> None:
    items = world.ana.get("templates").json()["items"]
    assert {"small-business", "personal-page"} <= {item["name"] for item in items}
    assert all(item["title"] and item["description"] for item in items)
    picture = world.ana.get("templates/small-business/picture")
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.headers["cache-control"] == "private, max-age=86400", "the form for a new site is not heavy again"
    problem(world.ana.get("templates/space-ship/picture"), 404)


def test_an_import_that_can_not_work_is_refused(world: World) -> None:
    form = {"name": "never", "title": "Never"}
    assert "archive" in problem(world.ana.post("sites", data=form, files={"other": ("a", b"b")}), 422)["detail"]
    problem(world.ana.post("sites", data=form, files={"archive": ("a.zip", b"")}), 422)
    bad_name = world.ana.post("sites", data=form | {"name": "-"}, files={"archive": ("a.zip", archive())})
    assert "name" in problem(bad_name, 422)["detail"]
    large = world.ana.post("sites", data=form, files={"archive": ("a.zip", bytes(3 << 20))})
    problem(large, 413)
    torn = world.ana.post("sites", content=b"--x", headers={"Content-Type": "multipart/form-data"})
    problem(torn, 400)
    problem(world.ana.get("sites/never"), 404)


def test_lists_come_in_pages(world: World) -> None:
    names = sorted(world.queued_site() for _ in range(3))
    listed, cursor = [], {}
    while True:
        page = world.ana.get("sites", params={"limit": 2, **cursor}).json()
        listed += [site["name"] for site in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert listed == sorted(set(listed))
    assert set(names) <= set(listed)
    problem(world.ana.get("sites", params={"limit": 0}), 422)
    problem(world.ana.get("sites", params={"limit": 201}), 422)
    assert "colour" in problem(world.ana.get("sites", params={"colour": "blue"}), 422)["detail"]


@pytest.mark.parametrize(
    ("name", "told"),
    [("my site.zip", "my site.zip"), ("a\nb\x7f.zip", "ab.zip"), ("\n", "archive"), ("x" * 300, "x" * 120)],
)
def test_a_files_name_is_told_on_one_line(name: str, told: str) -> None:
    assert file_name(name) == told


@pytest.mark.parametrize(("given", "seen"), [({}, None), ({"expected": None}, 0), ({"expected": 3}, 3)])
def test_nothing_expected_is_not_the_same_as_expecting_nothing(given: dict[str, object], seen: int | None) -> None:
    assert DeploymentInput.model_validate({"slot": "current", "version": 4} | given).seen == seen


def test_a_slot_that_is_none_is_not_found(world: World) -> None:
    told = problem(world.ana.get(f"sites/{world.queued_site()}/slots/blue"), 404)
    assert told["hint"] == "The slots are preview and current."
