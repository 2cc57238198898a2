"""Live events: in order, once, resumed by Last-Event-ID, and told from SQL when Redis has forgotten them."""

import threading

from tests.api.conftest import World
from tests.support.api_process import job_events


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
