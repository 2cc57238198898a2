"""The card of a change that did more than was asked for has the ways on, with and without JavaScript."""

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.api.conftest import World
from tests.api.office import Office
from tests.api.pages.conftest import FRAGMENT
from tests.support.api_process import PUBLIC_URL

MORE = "more than asked"
SCREENS = {"desk": (1440, 900), "phone": (390, 844)}


def test_the_card_has_the_ways_on_without_a_script(world: World, ana: httpx.Client) -> None:
    site = world.site("second", MORE)
    page = ana.get(f"/sites/{site}").text
    ways = [f"/sites/{site}/versions/{number}/{way}" for number in (2, 3) for way in ("keep-asked", "keep-all")]
    assert [f'action="{way}"' in page for way in ways] == [False, False, True, True]
    assert f'action="/sites/{site}/versions/3/undo"' in page
    asked = ana.post(f"/sites/{site}/versions/3/keep-asked")
    assert "Keep only what was asked for of version 3." in asked.text
    world.work(site)
    assert world.worker.requests[-1].keep_asked == 3
    again = ana.post(f"/sites/{site}/versions/3/keep-asked", headers=FRAGMENT)
    assert "Keep only what was asked for of version 3." in again.text


def test_what_is_kept_is_told_on_the_card(world: World, ana: httpx.Client) -> None:
    site = world.site(MORE)
    world.ana.post(f"sites/{site}/versions/2/keep-all")
    page = ana.get(f"/sites/{site}?notice=kept-all").text
    assert "All of it is kept: preview shows it." in page
    assert "All of it is kept. The preview shows it now" in page
    assert f'action="/sites/{site}/versions/2/keep-all"' not in page
    assert "All of it is kept" not in ana.get(f"/sites/{world.site('second')}").text


@pytest.mark.parametrize("screen", list(SCREENS))
def test_each_way_on_is_one_click(shared_office: Office, screen: str) -> None:
    """Two clicks on "keep only what I asked for" are one request; keeping all brings the preview."""
    site = f"more-{screen}"
    shared_office.ana.post("sites", json={"name": site, "title": "Bakery", "template": "small-business"})
    shared_office.ana.post(f"sites/{site}/jobs", json={"message": MORE})
    shared_office.work()

    def play(page: Page, office: Office) -> None:
        width, height = SCREENS[screen]
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{PUBLIC_URL}/sites/{site}?tab=chat")
        page.locator(".turn").last.get_by_role("button", name="Keep all of it").click()
        expect(page.get_by_text("All of it is kept: preview shows it.")).to_be_visible()
        assert office.ana.get(f"sites/{site}").json()["slots"]["preview"] == 2
        office.ana.post(f"sites/{site}/jobs", json={"message": MORE})
        office.work()
        way = page.locator(".turn").last.get_by_role("button", name="Keep only what I asked for")
        way.dblclick()
        expect(page.locator(".turn").last).to_contain_text("Keep only what was asked for of version 3.")
        office.work()
        asked = [one for one in office.worker.requests if one.site == site and one.keep_asked]
        assert [one.keep_asked for one in asked] == [3]

    shared_office.visit(play)
