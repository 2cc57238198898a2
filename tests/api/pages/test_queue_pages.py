"""Requests that wait, by plain forms: edited, moved, withdrawn, and nothing that was written is lost."""

import re

import httpx

from tests.api.conftest import World
from tests.api.pages.conftest import FRAGMENT


def ask(world: World, site: str, *messages: str) -> list[str]:
    return [world.ana.post(f"sites/{site}/jobs", json={"message": message}).json()["id"] for message in messages]


def shown(page: str) -> list[str]:
    """The requests in the order in which the page has them."""
    return re.findall(r'id="turn-([0-9a-f]{28})"', page)


def forms(page: str, what: str) -> list[str]:
    return re.findall(rf'action="(/sites/[^"]*/{what})"', page)


def test_a_request_that_waits_is_edited_in_its_place(world: World, ana: httpx.Client) -> None:
    site = world.site()
    first, second = ask(world, site, "one", "two")
    page = ana.get(f"/sites/{site}").text
    assert re.findall(r'href="(\S+edit=\S+)"', page) == [f"/sites/{site}?edit={job}" for job in (first, second)]
    page = ana.get(f"/sites/{site}?edit={second}").text
    assert f"/sites/{site}/jobs/{second}/edit" in forms(page, "edit")
    assert ">two</textarea>" in page
    page = ana.post(f"/sites/{site}/jobs/{second}/edit", data={"message": "zwei\r\nZeilen", "edits": "0"}).text
    assert ">zwei\nZeilen</p>" in page
    assert page.count("edited · ") == 1
    late = ana.post(f"/sites/{site}/jobs/{second}/edit", data={"message": "deux", "edits": "0"})
    assert (late.status_code, "This request was edited meanwhile." in late.text) == (409, True)
    assert re.search(r'<textarea id="message"[^>]*>\s*deux</textarea>', late.text), (
        "what was written is in the message box"
    )
    assert ana.post(f"/sites/{site}/jobs/{second}/edit", data={"message": " "}, headers=FRAGMENT).status_code == 422
    world.worker.work()
    assert world.wait(second)["answer"] == "Done: zwei\nZeilen"
    assert "edited · " in ana.get(f"/sites/{site}").text


def test_what_has_begun_can_be_neither_edited_nor_moved(world: World, ana: httpx.Client) -> None:
    site = world.site("one")
    [job] = [job["id"] for job in world.ana.get("jobs", params={"site": site, "limit": 1}).json()["items"]]
    for what, data in (("edit", {"message": "eins"}), ("move", {"ahead": ""})):
        answer = ana.post(f"/sites/{site}/jobs/{job}/{what}", data=data)
        assert (answer.status_code, "This request has" in answer.text) == (409, True)
    assert f"edit={job}" not in ana.get(f"/sites/{site}?edit={job}").text


def test_requests_that_wait_change_places(world: World, ana: httpx.Client) -> None:
    site = world.site()
    first, second, third = ask(world, site, "one", "two", "three")
    page = ana.get(f"/sites/{site}").text
    assert shown(page)[-3:] == [first, second, third]
    [up] = re.findall(rf'value="([0-9a-f]*)" id="earlier-{third}"', page)
    page = ana.post(f"/sites/{site}/jobs/{third}/move", data={"ahead": up}).text
    assert shown(page)[-3:] == [first, third, second]
    [down] = re.findall(rf'value="([0-9a-f]*)" id="later-{first}"', page)
    part = ana.post(f"/sites/{site}/jobs/{first}/move", data={"ahead": down}, headers=FRAGMENT).text
    assert shown(part)[-3:] == [third, first, second]
    watched = ana.get(f"/sites/{site}/jobs/{third}", headers=FRAGMENT).text
    assert f'id="later-{third}"' in watched, "the one that is asked for alone knows its place"
    assert f'id="earlier-{third}"' not in watched
    world.worker.work()
    world.wait(second)
    text = world.ana.get(f"sites/{site}/versions/4/files/index.html").text
    assert text.splitlines()[1:] == ["three", "one", "two"]


def test_all_that_wait_are_withdrawn_and_the_answer_counts(world: World, ana: httpx.Client) -> None:
    site = world.site()
    [lonely] = ask(world, site, "one")
    assert forms(ana.get(f"/sites/{site}").text, "withdraw") == []
    seen = [lonely, *ask(world, site, "two")]
    [form] = forms(ana.get(f"/sites/{site}").text, "withdraw")
    [later] = ask(world, site, "three")
    page = ana.post(form, data={"job": seen}).text
    assert "2 requests were withdrawn." in page
    assert world.ana.get(f"jobs/{later}").json()["state"] == "queued", "nobody had seen it"
    world.worker.work()
    world.wait(later)
    part = ana.post(form, data={"job": [*seen, later]}, headers=FRAGMENT).text
    assert "Nothing was withdrawn." in part
    assert "Had begun: “three”." in part
    german = ana.post(form, data={"job": later}, headers={"Accept-Language": "de"}).text
    assert "Nichts wurde zurückgezogen." in german
    assert "Hatte begonnen: „three“." in german
