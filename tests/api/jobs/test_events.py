"""Live events: in order, once, resumed by Last-Event-ID, and told from SQL when Redis has forgotten them."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import insert

from daemons.api.accounts.accounts import Account
from daemons.api.database.connection import open_database
from daemons.api.database.tables import sites, users
from daemons.api.jobs.events import Heartbeat, JobEvents
from daemons.api.jobs.jobs import Jobs
from daemons.api.jobs.rows import finish_job, insert_job
from shared.clients.job_queue import Claim, Event, EventKind, JobQueue
from shared.clients.storage import StorageClient
from shared.domain.vocabulary import JobKind, JobRequest, JobState, Outcome, Phase, Progress
from tests.api.conftest import World, problem
from tests.api.small_database import ANA, edit, small_database
from tests.support.api_process import job_events
from tests.support.redis_server import RedisServer
from tests.support.round_trips import statements
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


def test_a_hundred_events_ask_once_who_watches(redis_server: RedisServer, database_url: str) -> None:
    now = datetime.now(UTC)
    ana = Account(id="1", email="ana@example.org", admin=False, created_at=now)
    request = JobRequest(
        id="0" * 28, site="bakery", kind=JobKind.EDIT, message="Blue.", author=ana.email, created_at=now
    )
    events = [(f"{n + 1}-0", Event(kind=EventKind.RUNNING, attempt=1)) for n in range(100)]
    asked = 0

    async def is_welcome() -> bool:
        nonlocal asked
        asked += 1
        return True

    async def watch() -> int:
        async with (
            open_database(database_url) as database,
            JobQueue.open(redis_server.url) as queue,
            StorageClient("127.0.0.1:1", "") as storage,
        ):
            async with database.writing() as connection:
                await connection.execute(insert(users), [ana.model_dump()])
                await connection.execute(
                    insert(sites), [{"name": "bakery", "owner_id": "1", "title": "Bakery", "created_at": now}]
                )
                await insert_job(connection, request)
                await finish_job(connection, request, Outcome(state=JobState.CANCELLED), events)
            jobs = Jobs(database, queue, storage)
            stream = JobEvents(jobs, queue).follow(await jobs.own(ana, request.id), "0", is_welcome)
            return len([item async for item in stream])

    assert asyncio.run(watch()) == 101
    assert asked <= 1, "SQL is asked for each event"


@dataclass
class Watched:
    """A job of ana's that a worker has claimed, and a stream of its events."""

    jobs: Jobs
    job_events: JobEvents
    queue: JobQueue
    claim: Claim
    stream: AsyncIterator[tuple[str, Event] | Heartbeat]

    async def next_kind(self) -> EventKind:
        item = await anext(self.stream)
        assert not isinstance(item, Heartbeat)
        return item[1].kind


@asynccontextmanager
async def watched(folder: Path, redis_url: str) -> AsyncIterator[Watched]:
    async def is_welcome() -> bool:
        return True

    async with (
        small_database(folder, "bakery") as database,
        JobQueue.open(redis_url) as queue,
        StorageClient("127.0.0.1:1", "") as storage,
    ):
        request, jobs = edit(), Jobs(database, queue, storage)
        async with database.writing() as connection:
            await insert_job(connection, request)
        await queue.submit(request)
        claim = await queue.claim("worker-1", 30, 0)
        assert claim
        job_events = JobEvents(jobs, queue)
        yield Watched(
            jobs, job_events, queue, claim, job_events.follow(await jobs.own(ANA, request.id), "0", is_welcome)
        )


def test_a_watcher_costs_no_sql_while_redis_tells(redis_server: RedisServer, tmp_path: Path) -> None:
    """Nor at the end, of which the reconciler of this process tells."""
    outcome = Outcome(state=JobState.CANCELLED)

    async def watch() -> None:
        async with watched(tmp_path, redis_server.url) as it:
            with statements() as asked:
                assert [await it.next_kind() for _ in range(2)] == [EventKind.QUEUED, EventKind.RUNNING]
                for phase in (Phase.EDITING, Phase.CHECKING):
                    await it.queue.progress(it.claim, Progress(phase=phase))
                    assert await it.next_kind() is EventKind.PROGRESS
            assert asked == []
            await it.queue.finish(it.claim, outcome)
            await it.jobs.finish(it.claim.request, outcome)
            it.job_events.tell_recorded(it.claim.request.id)
            with statements() as asked:
                assert await it.next_kind() is EventKind.FINAL
            assert asked == []

    asyncio.run(watch())


@pytest.mark.parametrize("who", ["this process", "another"])
def test_the_end_is_told_when_it_is_recorded_whoever_did_it(
    redis_server: RedisServer, tmp_path: Path, who: str
) -> None:
    """Of what another process records nobody tells: SQL is asked now and then, not all the time."""
    outcome = Outcome(state=JobState.CANCELLED)

    async def watch() -> None:
        async with watched(tmp_path, redis_server.url) as it:
            assert [await it.next_kind() for _ in range(2)] == [EventKind.QUEUED, EventKind.RUNNING]
            with statements() as asked:
                await it.queue.finish(it.claim, outcome)
                end = asyncio.create_task(it.next_kind())
                while not asked:  # the stream has heard of the end, waited, and looked
                    await asyncio.sleep(0.01)
                assert not end.done()
            await it.jobs.finish(it.claim.request, outcome)
            if who == "this process":
                it.job_events.tell_recorded(it.claim.request.id)
            with statements() as asked:
                assert await end is EventKind.FINAL
            assert len(asked) == (0 if who == "this process" else 1)

    asyncio.run(watch())
