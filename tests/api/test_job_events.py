"""Live events: in order, once, resumed by Last-Event-ID, and told from SQL when Redis has forgotten them."""

import threading
import time
from contextlib import ExitStack

import httpx
import pytest

from tests.api.conftest import World, problem
from tests.support.api_process import job_events
from tests.support.waiting import wait_until


def last_job(world: World, name: str) -> str:
    return world.ana.get("jobs", params={"site": name}).json()["items"][0]["id"]


def test_events_of_a_finished_job_end_with_its_outcome(world: World) -> None:
    job = last_job(world, world.site("Make it blue."))
    answer = world.ana.get(f"jobs/{job}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = job_events(answer.text)
    assert [kind for _, kind, _ in events] == ["queued", "running", "progress", "final"]
    assert events[2][2]["progress"]["text"] == "Changing index.html"
    assert events[3][2]["outcome"]["version"] == 2


def test_events_resume_behind_the_last_one_seen(world: World) -> None:
    job = last_job(world, world.site("Make it blue."))
    events = job_events(world.ana.get(f"jobs/{job}/events").text)
    for seen in range(len(events) - 1):
        answer = world.ana.get(f"jobs/{job}/events", headers={"Last-Event-ID": events[seen][0]})
        assert job_events(answer.text) == events[seen + 1 :]


def test_who_saw_the_end_is_told_the_end_again_at_once(world: World) -> None:
    job = last_job(world, world.site("Make it blue."))
    events = job_events(world.ana.get(f"jobs/{job}/events").text)
    again = world.ana.get(f"jobs/{job}/events", headers={"Last-Event-ID": events[-1][0]})
    assert [kind for _, kind, _ in job_events(again.text)] == ["final"]


def test_a_position_that_is_none_starts_from_the_beginning(world: World) -> None:
    job = last_job(world, world.site("Make it blue."))
    answer = world.ana.get(f"jobs/{job}/events", headers={"Last-Event-ID": "nonsense"})
    assert job_events(answer.text)[0][1] == "queued"


def test_events_come_while_the_job_runs(world: World) -> None:
    name = world.site()
    job = world.ana.post(f"sites/{name}/jobs", json={"message": "Make it blue."}).json()["id"]
    kinds = []
    with world.ana.stream("GET", f"jobs/{job}/events") as answer:
        worker = threading.Thread(target=world.worker.work)
        for line in answer.iter_lines():
            if line.startswith("event: "):
                kinds.append(line.removeprefix("event: "))
                if kinds == ["queued"]:
                    worker.start()
        worker.join()
    assert kinds == ["queued", "running", "progress", "final"]


@pytest.fixture
def watcher(world: World) -> httpx.Client:
    """A browser in which ana is signed in; she watches jobs nowhere else."""
    link = world.api.operator("sign-in-link", "ana@example.org")
    browser = world.api.browser()
    assert browser.post("session", json={"sign_in_token": link.rpartition("/")[2]}).status_code == 204
    return browser


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


def test_a_person_may_watch_twenty_jobs_at_once(world: World, watcher: httpx.Client) -> None:
    name = world.queued_site()
    path = f"jobs/{last_job(world, name)}/events"
    with ExitStack() as streams:
        answers = [streams.enter_context(watcher.stream("GET", path)) for _ in range(20)]
        lines = [answer.iter_lines() for answer in answers]  # kept: httpx closes what nobody reads on
        assert {next(first) for first in lines} == {"retry: 1000"}
        refused = streams.enter_context(watcher.stream("GET", path))
        refused.read() if refused.is_error else pytest.fail("a 21st stream")
        assert "20 jobs" in problem(refused, 429)["detail"]
        ben = world.ben.post(
            "sites", json={"name": f"ben-{name}", "title": "Ben's", "template": "personal-page"}
        ).json()
        with world.ben.stream("GET", f"jobs/{ben['job']['id']}/events") as other:
            assert other.status_code == 200
    world.work(name)
    wait_until(lambda: watcher.get(path).status_code == 200, "who closed the pages may watch again")
