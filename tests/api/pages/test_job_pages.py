"""One request to the agent: tried again, stopped, answered with which folder is the site."""

import re

import httpx

from tests.api.conftest import World


def test_a_failed_request_says_why_and_can_be_tried_again(world: World, ana: httpx.Client) -> None:
    site = world.site("fail")
    failed = ana.get(f"/sites/{site}").text
    assert "It can&#39;t be done." in failed
    assert "Ask for less." in failed
    [retry] = re.findall(rf'action="(/sites/{site}/jobs/[0-9a-f]+/retry)"', failed)
    assert "Waiting" in ana.post(retry).text
    world.worker.work()


def test_an_import_that_asks_is_answered_without_a_second_upload(world: World, ana: httpx.Client) -> None:
    form = {"name": "languages", "title": "Languages", "template": "import"}
    ana.post("/sites", data=form, files={"archive": ("two-languages.zip", b"PK")})
    [job] = world.ana.get("jobs", params={"site": "languages"}).json()["items"]
    world.worker.work()
    assert world.wait(job["id"])["error"]["choices"] == ["de", "en", "."]
    failed = ana.get("/sites/languages").text
    assert "Which folder is the site?" in failed
    assert re.findall(r'name="root" value="([^"]*)"', failed) == ["de", "en", "."]
    [retry] = set(re.findall(r'action="(/sites/languages/jobs/[0-9a-f]+/retry)"', failed))
    assert ana.post(retry, data={"root": "nowhere"}).status_code == 422
    assert "Waiting" in ana.post(retry, data={"root": "de"}).text
    world.worker.work()
    again = world.ana.get("jobs", params={"site": "languages"}).json()["items"][0]
    assert again["id"] != job["id"]
    assert (world.wait(again["id"])["version"], world.ana.get("sites/languages").json()["latest"]) == (1, 1)


def test_a_waiting_request_can_be_stopped(world: World, ana: httpx.Client) -> None:
    site = world.site()
    page = ana.post(f"/sites/{site}/messages", data={"message": "Never mind"}).text
    [stop] = re.findall(rf'action="(/sites/{site}/jobs/[0-9a-f]+/stop)"', page)
    assert "Stopped. Nothing was changed." in ana.post(stop).text


def test_the_same_is_asked_again_from_the_newest(world: World, ana: httpx.Client) -> None:
    site = world.site("second")
    old = ana.get(f"/sites/{site}?version=1").text
    assert "<strong>Continue from version 1</strong>, without the changes of version 2" in old
    ana.post(f"/sites/{site}/messages", data={"message": "third", "base": "1"})
    world.worker.work()
    [job] = world.ana.get("jobs", params={"site": site, "limit": 1}).json()["items"]
    assert job["base"] == 1
    for form, base in (({"newest": "yes"}, None), ({}, 1)):
        ana.post(f"/sites/{site}/jobs/{job['id']}/retry", data=form)
        [again] = world.ana.get("jobs", params={"site": site, "limit": 1}).json()["items"]
        assert (again["message"], again["base"]) == ("third", base)
    world.worker.work()
