"""The reconciler: what queue, storage and SQL know of a job comes together, whatever was lost meanwhile."""

import asyncio
from pathlib import Path

from tests.api.tiny_worker import TinyWorker
from tests.support.api_process import ApiProcess, job_events
from tests.support.counted_sites import add_site, ask_for_edits, signed_in
from tests.support.redis_server import RedisServer
from tests.support.round_trips import RoundTrips
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until

SITE = {"name": "bakery", "title": "Bakery", "template": "small-business"}


def test_flushall_loses_no_job(api: ApiProcess, redis_server: RedisServer, storage: StorageProcess) -> None:
    """Queued jobs are submitted again in order; a job whose version exists is not done twice (I3)."""
    ana, worker = api.user("ana@example.org"), TinyWorker(redis_server.url, storage)
    created = ana.post("sites", json=SITE).json()["job"]["id"]
    worker.work(finish=False)
    edits = [ana.post("sites/bakery/jobs", json={"message": f"edit {n}"}).json()["id"] for n in range(3)]
    redis_server.command("FLUSHALL")
    done: list[str] = []
    wait_until(lambda: done.extend(worker.work()) or len(done) == 3, "the queue has the edits again")
    assert done == edits
    wait_until(lambda: ana.get(f"jobs/{edits[2]}").json()["finished_at"], "the outcomes are recorded")
    assert [ana.get(f"jobs/{job}").json()["version"] for job in (created, *edits)] == [1, 2, 3, 4]
    assert ana.get(f"jobs/{created}").json()["answer"].startswith("Done: ")
    assert ana.get("sites/bakery").json()["latest"] == 4


def test_steps_and_events_outlive_redis(api: ApiProcess, redis_server: RedisServer, storage: StorageProcess) -> None:
    ana, worker = api.user("ana@example.org"), TinyWorker(redis_server.url, storage)
    job = ana.post("sites", json=SITE).json()["job"]["id"]
    worker.work()
    wait_until(lambda: ana.get(f"jobs/{job}").json()["finished_at"], "the job ends")
    live = job_events(ana.get(f"jobs/{job}/events").text)
    wait_until(lambda: "the job ended" in api.log.read_text(), "SQL has it")
    redis_server.command("FLUSHALL")
    assert job_events(ana.get(f"jobs/{job}/events").text) == live
    resumed = ana.get(f"jobs/{job}/events", headers={"Last-Event-ID": live[1][0]})
    assert job_events(resumed.text) == live[2:]
    assert [step["text"] for step in ana.get(f"jobs/{job}").json()["steps"]] == ["Changing index.html"]


def test_a_job_that_redis_forgot_can_be_cancelled(api: ApiProcess, redis_server: RedisServer) -> None:
    ana = api.user("ana@example.org")
    job = ana.post("sites", json=SITE).json()["job"]["id"]
    redis_server.command("FLUSHALL")
    assert ana.post(f"jobs/{job}/cancel").json()["state"] == "cancelled"


def test_a_killed_api_loses_nothing(api: ApiProcess, redis_server: RedisServer, storage: StorageProcess) -> None:
    ana, worker = api.user("ana@example.org"), TinyWorker(redis_server.url, storage)
    job = ana.post("sites", json=SITE).json()["job"]["id"]
    api.kill()
    worker.work()
    api.start()
    wait_until(lambda: ana.get(f"jobs/{job}").json()["version"] == 1, "the outcome is recorded")
    assert ana.get("sites/bakery").json()["latest"] == 1


def test_the_queue_is_asked_once_however_many_jobs_wait(
    redis_url: str, storage: StorageProcess, tmp_path: Path
) -> None:
    async def play() -> None:
        async with signed_in(redis_url, storage, tmp_path) as (api, ana):
            reconcile = api.services.reconciler.reconcile
            await add_site(api.services, storage, ana, "zoo")
            assert await api.asked_by(reconcile()) == RoundTrips(sql=1, redis=0, storage=0), "nothing waits"
            await ask_for_edits(api.services, ana, "zoo", 1)
            await reconcile()  # Redis may not have got the script yet
            few = await api.asked_by(reconcile())
            await ask_for_edits(api.services, ana, "zoo", 19)
            assert await api.asked_by(reconcile()) == few == RoundTrips(sql=1, redis=1, storage=0)

    asyncio.run(play())
