"""A site's settings: the title, deleting it and bringing it back; what is wrong is said at the field."""

import html
import io
import re
import zipfile

import httpx
import pytest

from tests.api.conftest import World


@pytest.fixture(scope="module")
def site(world: World) -> str:
    return world.site()


def field(page: str, name: str) -> str:
    """The tag of a text field."""
    found = re.search(rf'<input[^>]* name="{name}"[^>]*>', page)
    assert found
    return found[0]


def test_it_is_linked_from_the_page_of_the_site(ana: httpx.Client, site: str) -> None:
    assert f'href="/sites/{site}/settings"' in ana.get(f"/sites/{site}").text
    assert ana.get(f"/sites/{site}/settings").status_code == 200


def test_a_title_is_changed_and_a_wrong_one_is_told_at_its_field(ana: httpx.Client, world: World, site: str) -> None:
    page = ana.post(f"/sites/{site}/settings/title", data={"title": "Mira’s <Bakery>"})
    assert (page.url.path, "The title is changed." in page.text) == (f"/sites/{site}/settings", True)
    assert 'value="Mira’s &lt;Bakery&gt;"' in field(page.text, "title")
    for wrong in ("", "two\nlines", "x" * 121):
        refused = ana.post(f"/sites/{site}/settings/title", data={"title": wrong})
        assert refused.status_code == 422
        told = field(refused.text, "title")
        assert 'aria-invalid="true"' in told and 'aria-describedby="site-title-hint title-error"' in told
        assert html.escape(wrong) in told
        assert re.search(r'id="title-error"[^>]*>This title can’t be used\.', refused.text)
    assert world.ana.get(f"sites/{site}").json()["title"] == "Mira’s <Bakery>"


def test_what_holds_a_change_back_is_said_and_a_wrong_number_told_at_its_field(
    ana: httpx.Client, world: World, site: str
) -> None:
    said = {"links": "warn", "width": "block", "page-kilobytes": "800", "home page": "info"}
    page = ana.post(f"/sites/{site}/settings/checks", data=said)
    assert (page.url.path, "Saved. It holds for what you ask for" in page.text) == (f"/sites/{site}/settings", True)
    assert re.search(r'name="links">\s*<option value="block">Holds a change back \(usual\)</option>'
                     r'<option value="warn" selected>Is told</option>', page.text)  # fmt: skip
    kept = {"severities": {"links": "warn"}, "page_kilobytes": 800}
    assert world.ana.get(f"sites/{site}").json()["checks"] == kept
    for wrong in ("", "5", "much"):
        refused = ana.post(f"/sites/{site}/settings/checks", data=said | {"page-kilobytes": wrong})
        told = field(refused.text, "page-kilobytes")
        assert (refused.status_code, 'aria-invalid="true"' in told, f'value="{wrong}"' in told) == (422, True, True)
    assert world.ana.get(f"sites/{site}").json()["checks"] == kept


@pytest.mark.parametrize("typed", ["", "{site}x", "{site}"])
def test_a_site_is_deleted_once_its_address_was_typed(ana: httpx.Client, world: World, typed: str) -> None:
    site = world.site()
    answer = ana.post(f"/sites/{site}/settings/delete", data={"name": typed.format(site=site)})
    if typed != "{site}":
        assert answer.status_code == 422
        assert re.search(r'id="delete-error"[^>]*>This is not the address of this site\.', answer.text)
        assert world.ana.get(f"sites/{site}").status_code == 200
        return
    assert answer.url.path == "/sites"
    assert "The site is deleted." in answer.text
    assert f'action="/sites/{site}/undelete"' in answer.text and f'href="/sites/{site}"' not in answer.text
    refused = ana.get(f"/sites/{site}")
    assert (refused.status_code, f"The site {site} was deleted." in refused.text) == (410, True)
    back = ana.post(f"/sites/{site}/undelete")
    assert (back.url.path, "The site is back." in back.text) == (f"/sites/{site}", True)
    assert ana.post(f"/sites/{site}/undelete").status_code == 404


def test_the_whole_address_may_be_typed_too_and_a_site_without_a_version_goes_at_once(
    ana: httpx.Client, world: World
) -> None:
    site = world.queued_site()
    assert "it is deleted at once" in ana.get(f"/sites/{site}/settings").text
    gone = ana.post(f"/sites/{site}/settings/delete", data={"name": f" {site.upper()}.sites.test "})
    assert "It had no version" in gone.text and f"/sites/{site}/undelete" not in gone.text


def test_the_files_are_saved_and_what_is_in_the_way_is_told_on_the_page(
    ana: httpx.Client, world: World, site: str
) -> None:
    page = ana.get(f"/sites/{site}/settings").text
    assert re.search(r"1 is the newest; it has about \d+ B\.", page)
    saved = ana.get(f"/sites/{site}/settings/export", params={"version": "1"})
    assert saved.headers["content-disposition"] == f'attachment; filename="{site}-v1.zip"'
    with zipfile.ZipFile(io.BytesIO(saved.content)) as opened:
        assert "index.html" in opened.namelist()
    history = ana.get(f"/sites/{site}/settings/export", params={"history": "yes"})
    assert history.headers["content-disposition"] == f'attachment; filename="{site}-history.zip"'
    for number in ("9", "x", ""):
        refused = ana.get(f"/sites/{site}/settings/export", params={"version": number})
        assert refused.status_code == 404
        assert "There is no version" in refused.text and 'id="export-heading"' in refused.text
    assert "There is no version yet." in ana.get(f"/sites/{world.queued_site()}/settings").text
