"""What is said to the agent: taken once, given back whole if it is not taken, and nobody else's."""

import re

import httpx

from tests.api.conftest import World
from tests.api.pages.conftest import FRAGMENT


def _field(page: str, name: str) -> str:
    [value] = re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)">', page)
    return str(value)


def _asked(world: World, site: str) -> list[str]:
    return [job["message"] for job in world.ana.get("jobs", params={"site": site}).json()["items"]]


def test_a_message_that_is_sent_again_is_taken_once(world: World, ana: httpx.Client) -> None:
    """The answer was lost: the page asks, or sends it again. Another text under the same key is another message."""
    site = world.site()
    key = "0123456789abcdef"
    look = f"/sites/{site}/messages/{key}"
    assert ana.get(look).json() == {"taken": False}
    for _ in range(2):
        sent = ana.post(f"/sites/{site}/messages", data={"message": "Once", "key": key}, headers=FRAGMENT)
        assert (sent.status_code, sent.headers["hx-trigger"]) == (200, f'{{"taken": "{key}"}}')
    assert ana.get(look).json() == {"taken": True}
    assert ana.post(f"/sites/{site}/messages", data={"message": "Other", "key": key}).status_code == 200
    assert _asked(world, site)[:-1] == ["Other", "Once"]


def test_the_form_names_its_message_without_javascript_too(world: World, ana: httpx.Client) -> None:
    site = world.site()
    page = ana.get(f"/sites/{site}").text
    for _ in range(2):
        ana.post(f"/sites/{site}/messages", data={"message": "Twice clicked", "key": _field(page, "key")})
    assert _asked(world, site)[:-1] == ["Twice clicked"]
    assert _field(ana.get(f"/sites/{site}").text, "key") != _field(page, "key")


def test_what_is_not_taken_is_not_called_taken(world: World, ana: httpx.Client) -> None:
    site = world.site()
    refused = ana.post(f"/sites/{site}/messages", data={"message": "x" * 25_000, "key": "a" * 32}, headers=FRAGMENT)
    assert (refused.status_code, "hx-trigger" in refused.headers) == (422, False)
    assert "5,000 characters did not fit" in refused.text
    assert ana.get(f"/sites/{site}/messages/{'a' * 32}").json() == {"taken": False}


def test_looking_what_is_new_keeps_what_was_typed(world: World, ana: httpx.Client) -> None:
    """Without JavaScript: no page refreshes itself under somebody's hands; a button asks, and brings the text back."""
    site = world.queued_site()
    page = ana.get(f"/sites/{site}").text
    assert "http-equiv" not in page
    assert "See what is new" in page
    draft = "Not done <yet>\n" + "x" * 25_000
    looked = ana.post(f"/sites/{site}/messages", data={"message": draft, "look": "yes", "key": "b" * 32})
    assert looked.status_code == 200
    assert f"Not done &lt;yet&gt;\n{'x' * 25_000}</textarea>" in looked.text
    assert _field(looked.text, "key") == "b" * 32
    assert len(_asked(world, site)) == 1


def test_what_one_account_wrote_is_not_sent_by_another(world: World, ana: httpx.Client) -> None:
    site = world.site()
    form = {"message": "Mine", "writer": "somebody else"}
    for headers in ({}, FRAGMENT):
        answer = ana.post(f"/sites/{site}/messages", data=form, headers=headers)
        assert answer.status_code == 409
        assert "written by another account" in answer.text
        assert "Mine" not in answer.text
    own = _field(ana.get(f"/sites/{site}").text, "writer")
    assert ana.post(f"/sites/{site}/messages", data={"message": "Mine", "writer": own}).status_code == 200
    assert _asked(world, site)[0] == "Mine"
