"""The list of sites: whose, searched, in groups, and what waits."""

import re

import httpx
import pytest

from tests.api.conftest import World
from tests.api.pages.conftest import FRAGMENT


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


def test_sites_are_searched_put_into_groups_and_filtered(world: World, ana: httpx.Client) -> None:
    first, second, third = (world.site() for _ in range(3))
    listed = ana.get("/sites").text
    assert listed.index(third) < listed.index(second) < listed.index(first), "what changed last comes first"
    found = ana.get("/sites", params={"q": second.upper()}).text
    assert (second in found, first in found) == (True, False)
    assert "No site fits this." in ana.get("/sites", params={"q": "nothing has this name"}).text
    arranged = ana.get("/sites?arrange=yes").text
    assert f'type="checkbox" name="site" value="{first}"' in arranged
    grouped = ana.post("/site-groups", data={"site": [first, third], "group": " Café  Müller "}).text
    assert '<h2 class="group-title">Café Müller</h2>' in grouped
    found = ana.get("/sites", params={"group": "Café Müller"}).text
    assert [name in found for name in (first, second, third)] == [True, False, True]
    assert [world.ana.get(f"sites/{name}").json()["group"] for name in (first, second)] == ["Café Müller", None]
    ana.post("/site-groups", data={"site": [first, third], "out": "yes"})
    assert "group-title" not in ana.get("/sites").text


@pytest.mark.parametrize(
    ("group", "picks", "says"),
    [
        ("Zoo", False, "No site was chosen. Tick those that belong together."),
        (" ", True, "The group has no name. Say what the sites have in common."),
        ("x" * 61, True, "The group’s name is too long."),
    ],
)
def test_what_is_wrong_with_a_group_is_said_at_its_field_and_the_rest_stays(
    world: World, ana: httpx.Client, group: str, picks: bool, says: str
) -> None:
    name, other = world.site(), world.site()
    sent = {"group": group, "site": [name] if picks else []}
    answer = ana.post("/site-groups", params={"q": name}, data=sent)
    assert answer.status_code == 422
    assert re.search(rf'id="into-error"[^>]*>{says}', answer.text)
    assert re.search(rf'id="into"[^>]* value="{group}"[^>]* aria-describedby="into-error"', answer.text)
    assert (f'name="site" value="{name}" form="arrange" checked' in answer.text) == picks
    assert other not in answer.text, "the same part of the list"
    assert f'action="/site-groups?q={name}"' in answer.text
    assert world.ana.get(f"sites/{name}").json()["group"] is None


def test_a_site_that_waits_says_for_what(world: World, ana: httpx.Client) -> None:
    name = world.site("Change it.")
    waiting = ana.get("/sites?waiting=yes").text
    assert f'href="/sites/{name}"' in waiting
    assert "Not published" in waiting
    listed = world.ana.get("sites", params={"waiting": "true", "sort": "changed", "search": name}).json()["items"]
    assert [(site["name"], site["waiting"]) for site in listed] == [(name, "unpublished")]
    world.ana.post(f"sites/{name}/deployments", json={"slot": "current", "version": 2})  # no web host: not served
    assert f'href="/sites/{name}"' not in ana.get("/sites?waiting=yes").text
    world.ana.post(f"sites/{name}/jobs", json={"message": "fail"})
    world.work(name)
    assert world.ana.get("sites", params={"search": name}).json()["items"][0]["waiting"] == "failed"
    assert "Your last request did not work" in ana.get("/sites", params={"waiting": "yes", "q": name}).text
