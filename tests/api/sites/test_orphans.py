"""A database restored from an older backup than storage: what it does not know is named, and gets an owner again."""

import asyncio
from pathlib import Path

import httpx
import pytest

from daemons.api.database.dump import dump, load
from tests.api.conftest import problem
from tests.api.tiny_worker import TinyWorker
from tests.support.api_process import ApiProcess
from tests.support.redis_server import RedisServer
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until

OWNER = {"email": "ana@example.org"}


@pytest.fixture
def worker(redis_server: RedisServer, storage: StorageProcess) -> TinyWorker:
    return TinyWorker(redis_server.url, storage)


def made(ana: httpx.Client, worker: TinyWorker, *names: str) -> None:
    """Sites with a version each."""
    jobs = [
        ana.post("sites", json={"name": name, "title": "Mine", "template": "personal-page"}).json()["job"]["id"]
        for name in names
    ]
    worker.work()
    for job in jobs:
        wait_until(lambda path=f"jobs/{job}": ana.get(path).json()["finished_at"], "the site is made")


def troubles(root: httpx.Client) -> list[str]:
    return [trouble for trouble in root.get("status").json()["troubles"] if "orphans" in trouble]


@pytest.fixture
def people(
    api: ApiProcess, worker: TinyWorker, redis_server: RedisServer, tmp_path: Path
) -> tuple[httpx.Client, httpx.Client]:
    """ana and an administrator; the sites `bakery`, `cafe` and `dairy` are younger than the database."""
    ana, root = api.user("ana@example.org"), api.user("root@example.org", admin=True)
    url = api.environment["PAGEWRIGHT_API_DATABASE_URL"]
    made(ana, worker, "atelier")
    asyncio.run(dump(url, tmp_path / "dump.jsonl", 1))
    assert root.get("orphans").json() == {"items": [], "next": None}
    made(ana, worker, "bakery", "cafe", "dairy")
    assert troubles(root) == []
    api.stop()
    asyncio.run(load(url, tmp_path / "dump.jsonl", replace=True))
    redis_server.command("FLUSHALL")
    api.start()
    return ana, root


def test_orphans_are_named_and_adopted(people: tuple[httpx.Client, httpx.Client], worker: TinyWorker) -> None:
    ana, root = people
    (trouble,) = troubles(root)
    assert trouble == "3 sites in storage have no owner; `pagewright site orphans` names them."
    page = root.get("orphans", params={"limit": 2}).json()
    assert [item["name"] for item in page["items"]] == ["bakery", "cafe"]
    assert page["items"][0] == {"name": "bakery", "latest": 1, "author": "ana@example.org"}
    rest = root.get("orphans", params={"limit": 2, "cursor": page["next"]}).json()
    assert [item["name"] for item in rest["items"]] == ["dairy"]

    problem(ana.get("sites/bakery"), 404)
    for name in ("bakery", "cafe", "dairy"):
        answer = root.post(f"orphans/{name}/adopt", json=OWNER)
        assert (answer.status_code, answer.headers["location"]) == (201, f"/api/v1/sites/{name}")
        assert (answer.json()["owner"], answer.json()["latest"]) == ("ana@example.org", 1)
    assert (troubles(root), root.get("orphans").json()["items"]) == ([], [])
    entry = root.get("audit", params={"site": "bakery"}).json()["items"][0]
    assert (entry["actor"], entry["action"], entry["details"]) == (
        "root@example.org", "site.adopt", {"owner": "ana@example.org"}
    )  # fmt: skip

    job = ana.post("sites/bakery/jobs", json={"message": "Make it blue."}).json()["id"]
    worker.work()
    wait_until(lambda: ana.get(f"jobs/{job}").json()["finished_at"], "the site can be changed")
    assert ana.get("sites/bakery").json()["latest"] == 2


def test_who_may_adopt_what(people: tuple[httpx.Client, httpx.Client]) -> None:
    ana, root = people
    problem(ana.get("orphans"), 403)
    problem(ana.post("orphans/bakery/adopt", json=OWNER), 403)
    problem(root.post("orphans/bakery/adopt", json={"email": "nobody@example.org"}), 404)
    problem(root.post("orphans/nowhere/adopt", json=OWNER), 404)
    problem(root.post("orphans/Not-A-Name/adopt", json=OWNER), 422)
    assert "has an owner" in problem(root.post("orphans/atelier/adopt", json=OWNER), 409)["detail"]
