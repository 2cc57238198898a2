"""What may be lost without loss: Redis, a killed api, a storage that is away. And what people are told meanwhile."""

from concurrent.futures import ThreadPoolExecutor

from tests.api.conftest import problem
from tests.api.tiny_worker import TinyWorker
from tests.support.api_process import ApiProcess
from tests.support.redis_server import RedisServer
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until

SITE = {"name": "bakery", "title": "Bakery", "template": "small-business"}


def test_without_redis_people_are_told_and_can_still_read(
    api: ApiProcess, redis_server: RedisServer, storage: StorageProcess
) -> None:
    ana, worker = api.user("ana@example.org"), TinyWorker(redis_server.url, storage)
    job = ana.post("sites", json=SITE).json()["job"]["id"]
    redis_server.kill()
    with ThreadPoolExecutor() as people:  # each waits some seconds in vain
        asking = people.submit(ana.post, "sites/bakery/jobs", json={"message": "Make it blue."})
        making = people.submit(ana.post, "sites", json=SITE | {"name": "other"})
        ready = people.submit(api.admin, "/readyz")
    problem(asking.result(), 503)
    problem(making.result(), 503)
    assert ready.result().status_code == 503
    assert ana.get(f"jobs/{job}").json()["state"] == "queued"
    assert [site["name"] for site in ana.get("sites").json()["items"]] == ["bakery"]
    redis_server.start()
    redis_server.command("FLUSHALL")
    wait_until(worker.work, "the job is queued again")
    wait_until(lambda: ana.get(f"jobs/{job}").json()["version"] == 1, "the job ends")
    assert api.admin("/readyz").status_code == 200


def test_without_storage_people_are_told(api: ApiProcess, storage: StorageProcess) -> None:
    ana = api.user("ana@example.org")
    ana.post("sites", json=SITE)
    storage.kill()
    wish = {"slot": "current", "version": 1}
    with ThreadPoolExecutor() as people:  # each waits some seconds in vain
        reads = people.map(ana.get, ("sites/bakery", "sites/bakery/versions"))
        publishing = people.submit(ana.post, "sites/bakery/deployments", json=wish)
    for answer in reads:
        assert "torage" in problem(answer, 503)["detail"]
    problem(publishing.result(), 503)
    assert api.admin("/readyz").status_code == 503
    assert api.admin("/healthz").status_code == 200


def test_sigterm_ends_the_daemon_though_somebody_watches(api: ApiProcess) -> None:
    ana = api.user("ana@example.org")
    job = ana.post("sites", json=SITE).json()["job"]["id"]
    with ana.stream("GET", f"jobs/{job}/events") as answer:
        next(answer.iter_lines())
        assert api.stop() == 0


def test_what_was_asked_is_in_no_line_of_the_log(
    api: ApiProcess, redis_server: RedisServer, storage: StorageProcess
) -> None:
    ana, worker = api.user("ana@example.org"), TinyWorker(redis_server.url, storage)
    ana.post("sites", json=SITE)
    job = ana.post("sites/bakery/jobs", json={"message": "my secret wish"}).json()["id"]
    worker.work()
    wait_until(lambda: ana.get(f"jobs/{job}").json()["finished_at"], "the job ends")
    api.stop()
    assert "my secret wish" not in api.log.read_text()
    assert job in api.log.read_text()
