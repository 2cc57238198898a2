"""Making a site: the form, its address from the title, what is wrong at its field, and a failed import's next steps."""

import html
import io
import re
import zipfile

import httpx
import pytest

from tests.api.conftest import World
from tests.api.pages.conftest import HOSTILE

GOOD = {"title": "My title", "name": "form-test", "template": "personal-page"}


def test_a_site_is_made_from_a_template(world: World, ana: httpx.Client) -> None:
    form = {"title": f"{HOSTILE} & sons", "name": "new", "template": "small-business"}
    made = ana.post("/sites", files={"archive": ("", b"")}, data=form)
    assert made.url.path == "/sites/new"
    assert HOSTILE not in made.text
    assert "Your site appears here in a moment." in made.text
    assert "See what is new" in made.text
    world.work("new")
    done = ana.get("/sites/new").text
    assert "Version 1" in done
    assert "See what is new" not in done
    assert ana.get("/new-site").status_code == 200


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"name": "UPPER"}, "site-name", "This address can’t be used."),
        ({"title": " "}, "site-title", "The title is missing"),
        ({"group": "x" * 61}, "site-group", "The group’s name is too long."),
        ({"template": "nothing"}, "template", "There is no such template."),
        ({"template": "import"}, "site-archive", "There is no file."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_all_the_rest_stays(
    ana: httpx.Client, fields: dict[str, str], field: str, says: str
) -> None:
    sent = GOOD | fields
    answer = ana.post("/sites", data=sent)
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error"[^>]*>{says}', answer.text), "at its field"
    assert f'{field}-error"' in answer.text.split(f'id="{field}-error"')[0], "which names it"
    assert len(re.findall(r"<input[^>]* autofocus", answer.text)) == 1
    assert "inline-error" not in answer.text
    for name in ("title", "name"):
        assert f'value="{html.escape(sent[name])}"' in answer.text
    if sent["template"] in ("personal-page", "import"):
        assert re.search(rf'value="{sent["template"]}"[^>]* checked', answer.text)


def test_an_empty_address_is_made_from_the_title_and_a_taken_one_has_others(world: World, ana: httpx.Client) -> None:
    sent = {"title": "Łódź & Söhne", "name": "", "template": "personal-page"}
    assert ana.post("/sites", data=sent).url.path == "/sites/lodz-soehne"
    taken = ana.post("/sites", data=sent)
    assert taken.status_code == 409
    assert 'value="lodz-soehne"' in taken.text
    assert re.search(
        r'id="site-name-error"[^>]*>The address lodz-soehne is taken\. Choose another address, such as', taken.text
    )
    offered = re.findall(r'name="other" value="([^"]+)"', taken.text)
    assert offered == ["lodz-soehne-ana", "lodz-soehne-2"]
    assert (
        ana.post("/sites", data=sent | {"name": "lodz-soehne", "other": offered[1]}).url.path == f"/sites/{offered[1]}"
    )
    problem = world.ben.post("sites", json={"title": "Łódź & Söhne", "template": "personal-page"})
    assert (problem.status_code, problem.json()["hint"]) == (409, "Choose another name, such as lodz-soehne-ben.")


@pytest.mark.parametrize(("title", "name"), [("パン屋", "panwu"), ("Анна", "anna"), ("  ", ""), ("Müller", "mueller")])
def test_the_address_of_a_title_is_made_here(ana: httpx.Client, title: str, name: str) -> None:
    answer = ana.get("/new-site/address", params={"title": title})
    assert re.search(rf'<input[^>]* name="name" value="{name}"', answer.text)
    assert "<html" not in answer.text


def test_a_site_is_imported(ana: httpx.Client) -> None:
    form = {"title": "Imported", "name": "brought-along", "template": "import"}
    made = ana.post("/sites", data=form, files={"archive": ("my site.zip", zipped("index.html"))})
    assert made.url.path == "/sites/brought-along"
    assert "my site.zip" in made.text


def test_a_failed_import_takes_another_file_or_is_removed(world: World, ana: httpx.Client) -> None:
    for title in ("First import", "Second import"):
        name = title.lower().replace(" ", "-")
        form = {"title": title, "name": "", "template": "import"}
        page = ana.post("/sites", data=form, files={"archive": ("fail.zip", zipped("index.html"))})
        assert f"/sites/{name}/archive" not in page.text, "it is not over yet"
        world.ana.post(f"jobs/{world.ana.get('jobs', params={'site': name}).json()['items'][0]['id']}/cancel")
        world.work(name)
        ended = ana.get(f"/sites/{name}").text
        assert f'action="/sites/{name}/archive"' in ended
        assert f'action="/sites/{name}/remove"' in ended
    again = ana.post("/sites/first-import/archive", files={"archive": ("good.zip", zipped("index.html"))})
    assert (again.url.path, "good.zip" in again.text) == ("/sites/first-import", True)
    world.work("first-import")
    made = ana.get("/sites/first-import").text
    assert "/sites/first-import/archive" not in made
    for path, sent in (("archive", {"archive": ("good.zip", zipped("index.html"))}), ("remove", {"none": ("", b"")})):
        assert ana.post(f"/sites/first-import/{path}", files=sent).status_code == 409
    gone = ana.post("/sites/second-import/remove")
    assert (gone.url.path, "second-import" in gone.text) == ("/sites", False)
    again = world.ben.post("sites", json={"name": "second-import", "title": "Mine now", "template": "personal-page"})
    assert again.status_code == 201


def zipped(*names: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name in names:
            file.writestr(name, "<title>Old</title>")
    return archive.getvalue()
