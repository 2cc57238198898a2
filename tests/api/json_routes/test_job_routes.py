"""A job's events over HTTP: where they begin, and for how long."""

import time

import httpx

from tests.api.conftest import World
from tests.support.api_process import job_events


def last_job(world: World, name: str) -> str:
    return world.ana.get("jobs", params={"site": name}).json()["items"][0]["id"]


def test_a_position_that_is_none_starts_from_the_beginning(world: World) -> None:
    job = last_job(world, world.site("Make it blue."))
    answer = world.ana.get(f"jobs/{job}/events", headers={"Last-Event-ID": "nonsense"})
    assert job_events(answer.text)[0][1] == "queued"


def test_a_stream_ends_with_the_session_that_opened_it(world: World, watcher: httpx.Client) -> None:
    """Whoever left a page open sees nothing new after signing out elsewhere."""
    name = world.queued_site()
    with watcher.stream("GET", f"jobs/{last_job(world, name)}/events") as answer:
        lines = answer.iter_lines()
        assert next(line for line in lines if line.startswith("event: ")) == "event: queued"
        assert watcher.delete("session").status_code == 204
        started = time.monotonic()
        assert [line for line in lines if line.startswith("event: ")] == []
        assert time.monotonic() - started < 15
    world.work(name)
