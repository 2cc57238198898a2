"""The list of sites, and the form for a new one."""

import io
import zipfile

import httpx
import pytest

from tests.api.conftest import World
from tests.api.pages.conftest import FRAGMENT, HOSTILE


def test_the_list_shows_the_asker_their_sites_alone(world: World, ana: httpx.Client) -> None:
    mine = world.site()
    theirs = f"{mine}-ben"
    world.ben.post("sites", json={"name": theirs, "title": "Ben’s", "template": "personal-page"})
    world.worker.work()
    listed = ana.get("/sites").text
    assert f'href="/sites/{mine}"' in listed
    assert theirs not in listed
    for path in (f"/sites/{theirs}", f"/sites/{theirs}/versions/1/changes", f"/sites/{theirs}/versions/1/publish"):
        assert ana.get(path).status_code == 404
    assert ana.post(f"/sites/{theirs}/messages", data={"message": "Mine!"}).status_code == 404


def test_an_address_that_no_database_could_hold_is_refused(ana: httpx.Client) -> None:
    """PostgreSQL takes no NUL: it would be our mistake."""
    assert ana.get("/sites?after=%00").status_code == 422
    assert ana.get("/sites/new/jobs/a%00b", headers=FRAGMENT).status_code == 404


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
    ("fields", "says"),
    [
        ({"name": "UPPER"}, "This address can’t be used."),
        ({"title": " "}, "The title is missing"),
        ({"template": "nothing"}, "There is no template"),
        ({"template": "import"}, "There is no file."),
    ],
)
def test_what_is_wrong_with_the_form_is_said_on_the_form(ana: httpx.Client, fields: dict[str, str], says: str) -> None:
    good = {"title": "My title", "name": "form-test", "template": "personal-page"}
    answer = ana.post("/sites", data=good | fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{(good | fields)["name"]}"' in answer.text


def test_a_site_is_imported(ana: httpx.Client) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.html", "<title>Old</title>")
    form = {"title": "Imported", "name": "brought-along", "template": "import"}
    made = ana.post("/sites", data=form, files={"archive": ("my site.zip", archive.getvalue())})
    assert made.url.path == "/sites/brought-along"
    assert "my site.zip" in made.text
