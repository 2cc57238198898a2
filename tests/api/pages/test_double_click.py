"""Whoever clicks twice asks once, also where no script stops the second click; and may ask again once it has ended."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.api.conftest import World
from tests.api.pages.conftest import browser


def clicked_twice(world: World, session: dict[str, str], address: str) -> None:
    """At the same time, in a browser without JavaScript."""

    def click(_: int) -> int:
        with browser(world) as client:
            client.cookies.update(session)
            return client.post(address, follow_redirects=False).status_code

    with ThreadPoolExecutor(2) as fingers:
        assert list(fingers.map(click, range(2))) == [303, 303]


def jobs(world: World, site: str) -> list[dict]:
    return world.ana.get("jobs", params={"site": site}).json()["items"]


def test_try_again_asks_once_and_what_was_edited(world: World, ana: httpx.Client, session: dict[str, str]) -> None:
    site = world.site()
    asked = world.ana.post(f"sites/{site}/jobs", json={"message": "succeed"}).json()["id"]
    world.ana.patch(f"jobs/{asked}", json={"message": "fail"})
    world.worker.work()
    world.wait(asked)
    retry = f"/sites/{site}/jobs/{asked}/retry"
    clicked_twice(world, session, retry)
    again, before, _ = jobs(world, site)
    assert (before["id"], again["message"], again["state"]) == (asked, "fail", "queued")
    other = world.ana.post(f"sites/{site}/jobs", json={"message": "other"}).json()["id"]
    world.ana.post(f"jobs/{other}/cancel")
    world.wait(other)
    ana.post(retry)
    assert [job["id"] for job in jobs(world, site)][:3] == [other, again["id"], asked], "it waits already"
    world.worker.work()
    world.wait(again["id"])
    ana.post(retry)
    assert jobs(world, site)[0]["message"] == "fail"
    assert jobs(world, site)[0]["id"] != other, "what has ended can be asked once more"
    world.worker.work()


@pytest.mark.parametrize("what", ["versions/2/undo", "versions/2/keep-asked", "versions/1/restore", "versions/2/fix"])
def test_each_button_that_asks_for_a_change_asks_once(world: World, session: dict[str, str], what: str) -> None:
    site = world.site("bad checks")
    clicked_twice(world, session, f"/sites/{site}/{what}")
    assert [job["state"] for job in jobs(world, site)] == ["queued", "succeeded", "succeeded"]
    world.worker.work()
