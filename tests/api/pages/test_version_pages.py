"""A site's versions: what each changed, publishing one, and going back to one."""

import asyncio
import re

import httpx

from shared.domain.vocabulary import Slot
from tests.api.conftest import World
from tests.api.pages.conftest import FRAGMENT, HOSTILE


def _deploy(world: World, site: str, *versions: int, by: str = "ana@example.org") -> None:
    """Publish these one after the other, whether or not a web host shows them."""

    async def play() -> None:
        async with world.storage.client("api") as storage:
            for version in versions:
                await storage.deploy(site, Slot.CURRENT, version, by)

    asyncio.run(play())


def test_an_old_version_can_be_brought_back(world: World, ana: httpx.Client) -> None:
    site = world.site("second")
    assert "Continue from version 1." in ana.post(f"/sites/{site}/versions/1/restore").text
    world.worker.work()


def test_changes_are_shown_line_by_line_as_text(world: World, ana: httpx.Client) -> None:
    site = world.site(HOSTILE)
    page = ana.get(f"/sites/{site}/versions/2/changes").text
    assert '<span class="line added">+&lt;img src=x' in page
    assert HOSTILE not in page
    assert "Not a text file." in page
    assert "<html" not in ana.get(f"/sites/{site}/versions/2/changes", headers=FRAGMENT).text


def test_publishing_asks_first_and_names_failed_checks(world: World, ana: httpx.Client) -> None:
    site = world.site("bad checks")
    asked = ana.get(f"/sites/{site}/versions/2/publish").text
    assert "1 new problem" in asked
    assert "Something was found: links." in asked
    refused = ana.post(f"/sites/{site}/versions/2/publish")
    assert refused.status_code == 409
    assert "Version 2 has new problems" in refused.text
    in_dialog = ana.post(f"/sites/{site}/versions/2/publish", headers=FRAGMENT)
    assert in_dialog.status_code == 200
    assert "Version 2 has new problems" in in_dialog.text
    assert world.ana.get(f"sites/{site}/deployments").json()["items"] == []


def test_who_publishes_is_told_what_visitors_will_see_without_a_home_page(world: World, ana: httpx.Client) -> None:
    """Also though the check only warns; a click that did not see it is asked again."""
    site = world.site("no home page")
    asked = ana.get(f"/sites/{site}/versions/2/publish").text
    assert "Visitors will be told that there is no such page: this version has no home page." in asked
    assert "Show it to visitors all the same" in asked
    again = ana.post(f"/sites/{site}/versions/2/publish", headers=FRAGMENT)
    assert (again.status_code, "or tick the box below" in again.text) == (200, True)
    assert world.ana.get(f"sites/{site}/deployments").json()["items"] == []
    assert "Visitors will" not in ana.get(f"/sites/{site}/versions/1/publish").text


def test_who_publishes_over_somebody_else_is_told_and_asked_again(world: World, ana: httpx.Client) -> None:
    site = world.site("second", "third")
    asked = ana.get(f"/sites/{site}/versions/2/publish", headers=FRAGMENT).text
    [seen] = re.findall(r'name="expected" value="(.*?)"', asked)
    _deploy(world, site, 3, by="ben@example.org")
    told = ana.post(f"/sites/{site}/versions/2/publish", data={"expected": seen}, headers=FRAGMENT).text
    assert "ben@example.org published version 3 at " in told
    assert "Nothing was changed. Look at version 3;" in told
    assert "What looks different" in told
    assert "See what visitors see now" in told
    assert 'name="expected" value="3"' in told, "who asks again has seen it"
    assert [item["version"] for item in world.ana.get(f"sites/{site}/deployments").json()["items"]] == [3]


def test_a_publication_can_be_undone_from_what_the_page_showed(world: World, ana: httpx.Client) -> None:
    """It goes back to what was public before, unless somebody published meanwhile; going back is not undone."""
    site = world.site("bad checks", "third")
    undo = f"/sites/{site}/undo-publication"
    _deploy(world, site, 2)
    assert undo not in ana.get(f"/sites/{site}").text, "nothing was public before"
    _deploy(world, site, 3)
    assert f'action="{undo}"' in ana.get(f"/sites/{site}").text
    late = ana.post(undo, data={"expected": "2"})
    assert (late.status_code, "published version 3" in late.text) == (409, True)
    ana.post(undo, data={"expected": "3"})
    assert world.ana.get(f"sites/{site}").json()["slots"]["current"] == 2
    page = ana.get(f"/sites/{site}").text
    assert (undo in page, "/versions/3/publish" in page.split("<main")[0]) == (False, False)
    assert "newer drafts wait" in page
    refused = ana.post(undo, data={"expected": "2"})
    assert (refused.status_code, "This can be undone for ten minutes." in refused.text) == (409, True)


def test_a_site_is_taken_down_from_what_the_page_showed_and_shown_again(world: World, ana: httpx.Client) -> None:
    site = world.site("second")
    down = f"/sites/{site}/take-down"
    refused = ana.post(down, data={"expected": "0"})
    assert (refused.status_code, "no version was ever published" in refused.text) == (409, True)
    _deploy(world, site, 2)
    late = ana.post(down, data={"expected": "1"})
    assert (late.status_code, "you had seen version 1 there" in late.text) == (409, True)
    unseen = ana.post(down, data={"expected": "2"})
    assert (unseen.status_code, "to be taken down, but no web host answers." in unseen.text) == (503, True)
    page = ana.get(f"/sites/{site}?notice=taken-down").text
    assert "Visitors see nothing now. All your versions and the preview stay." in page
    assert "Version 2 was taken down" in page
    assert "current" not in world.ana.get(f"sites/{site}").json()["slots"]
    assert "Your site becomes public at" in ana.get(f"/sites/{site}/versions/1/publish").text
    ana.post(f"/sites/{site}/undo-publication", data={"expected": "0"})
    assert world.ana.get(f"sites/{site}").json()["slots"]["current"] == 2


def test_every_result_can_be_undone_but_the_first(world: World, ana: httpx.Client) -> None:
    """Of the newest version that is its parent once more; while others wait, the worker takes the change out."""
    site = world.site("second", "third")
    page = ana.get(f"/sites/{site}").text
    assert [f'action="/sites/{site}/versions/{number}/undo"' in page for number in (1, 2, 3)] == [False, True, True]
    assert "Undo the change of version 3." in ana.post(f"/sites/{site}/versions/3/undo").text
    assert "Undo the change of version 2." in ana.post(f"/sites/{site}/versions/2/undo", headers=FRAGMENT).text
    world.work(site)
    asked = [(one.base, one.undo) for one in world.worker.requests if one.site == site][-2:]
    assert asked == [(2, None), (1, 2)]
    assert ana.post(f"/sites/{site}/versions/1/undo").status_code == 422


def test_what_is_new_can_be_fixed_with_a_click(world: World, ana: httpx.Client) -> None:
    """From the result's card, and from the question before publishing; an older version is gone on from."""
    site = world.site("bad checks")
    assert f'action="/sites/{site}/versions/2/fix"' in ana.get(f"/sites/{site}").text
    assert "Fix these" in ana.get(f"/sites/{site}/versions/2/publish").text
    asked = ana.post(f"/sites/{site}/versions/2/fix", data={"against": "live"})
    assert "- The check links failed." in asked.text
    world.work(site)
    job = world.ana.get("jobs", params={"site": site}).json()["items"][0]
    assert (job["message"].splitlines()[1], job["base"], job["version"]) == ("- The check links failed.", None, 3)
    assert "The check links failed." in ana.post(f"/sites/{site}/versions/2/fix", headers=FRAGMENT).text
    world.work(site)
    assert world.ana.get("jobs", params={"site": site}).json()["items"][0]["base"] == 2
    refused = ana.post(f"/sites/{site}/versions/3/fix")
    assert (refused.status_code, "Version 3 has no new problem." in refused.text) == (409, True)


def test_older_versions_come_in_pieces(world: World, ana: httpx.Client) -> None:
    site = world.site("two", "three")
    assert ana.get(f"/sites/{site}/versions").url.params["tab"] == "versions"
    piece = ana.get(f"/sites/{site}/versions", params={"before": 3}, headers=FRAGMENT).text
    assert re.findall(r"<strong>Version (\d)", piece) == ["2", "1"]
