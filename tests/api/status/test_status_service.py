"""The status of the whole system, asked of a real one whose parts really stop: the JSON and the page.

One system for all tests: each uses a site of its own, and starts again what it stopped.
"""

import asyncio
import os
import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from daemons.api.status.comparison import desired_deployments
from shared.clients.job_queue import JobQueue
from shared.domain.errors import PageWrightError, Unavailable
from shared.domain.release import RELEASE
from shared.domain.vocabulary import Phase, Progress
from tests.api.conftest import problem
from tests.api.tiny_worker import TinyWorker
from tests.support.api_process import PUBLIC_URL, ApiProcess, running_api
from tests.support.daemon_process import short_directory
from tests.support.deployer_process import DeployerProcess, deployer_for
from tests.support.model_process import ModelProcess, model_processes
from tests.support.redis_server import RedisServer
from tests.support.storage_process import StorageProcess, running_storage
from tests.support.waiting import wait_until
from tests.support.web_server import WebServer, running_web_server

pytestmark = pytest.mark.xdist_group("fleet")
PARTS = ["api", "database", "queue", "storage", "model", "web host", "web host"]


@dataclass
class Fleet:
    """A whole system with two web hosts, and clients of ana and of an operator."""

    api: ApiProcess
    redis: RedisServer
    storage: StorageProcess
    model: ModelProcess
    webs: list[WebServer]
    deployers: list[DeployerProcess]
    worker: TinyWorker
    ana: httpx.Client
    root: httpx.Client

    def status(self) -> dict[str, Any]:
        answer = self.root.get("status")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def part(self, name: str, place: int = 0) -> dict[str, Any]:
        return dict([part for part in self.status()["parts"] if part["name"] == name][place])

    def site(self) -> str:
        """A site of ana's with two versions."""
        name = f"s{secrets.token_hex(6)}"
        self.ana.post("sites", json={"name": name, "title": "Bakery", "template": "small-business"})
        self.ask(name, "second")
        self.work()
        return name

    def publish(self, site: str, version: int) -> httpx.Response:
        return self.ana.post(f"sites/{site}/deployments", json={"slot": "current", "version": version})

    def ask(self, site: str, message: str) -> str:
        return str(self.ana.post(f"sites/{site}/jobs", json={"message": message}).json()["id"])

    def work(self) -> None:
        """Do what is queued, until SQL knows."""
        self.worker.work()
        wait_until(lambda: not self.status()["unfinished_jobs"], "all jobs have ended")

    def page(self, email: str = "root@example.org", **headers: str) -> httpx.Response:
        """The page as somebody's browser gets it."""
        browser = self.api.browser()
        token = self.api.sign_in_link(email).rpartition("/")[2]
        browser.post("session", json={"sign_in_token": token})
        return browser.get(f"{PUBLIC_URL}/status", headers=headers)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with ExitStack() as ends:
        redis = RedisServer(ends.enter_context(short_directory()), durable=True)
        ends.callback(redis.kill)
        storage = ends.enter_context(running_storage())
        webs = [ends.enter_context(running_web_server(tmp_path_factory.mktemp("sites"))) for _ in range(2)]
        deployers = [ends.enter_context(deployer_for(storage, web)) for web in webs]
        for deployer in deployers:
            deployer.start()
        addresses = " ".join(web.address for web in webs)
        api = ends.enter_context(running_api(redis.url, storage, probe_addresses=addresses))
        model = ends.enter_context(model_processes())()
        (api.base / "model.sock").symlink_to(model.address.removeprefix("unix:"))
        ana, root = api.user("ana@example.org"), api.user("root@example.org", admin=True)
        yield Fleet(api, redis, storage, model, webs, deployers, TinyWorker(redis.url, storage), ana, root)


def test_everything_at_one_look(fleet: Fleet) -> None:
    site = fleet.site()
    assert fleet.publish(site, 1).status_code == 201
    fleet.ask(site, "fail")
    fleet.work()
    told = fleet.status()
    assert told["troubles"] == []
    assert [part["name"] for part in told["parts"]] == PARTS
    assert all(part["up"] for part in told["parts"])
    releases = {part["name"]: part["release"] for part in told["parts"]}
    assert {releases[name] for name in ("api", "storage", "model")} == {RELEASE}
    assert releases["database"].startswith("SQLite 3.")
    assert releases["queue"].startswith("Redis ")
    assert all(part["milliseconds"] > 0 for part in told["parts"][1:])
    assert (told["queue"]["queued"], told["queue"]["running"], told["queue"]["jobs"]) == (0, 0, [])
    assert [(host["address"], host["behind"]) for host in told["web_hosts"]] == [
        (web.address, []) for web in fleet.webs
    ]
    assert all(host["compared"] > 0 for host in told["web_hosts"])
    assert told["storage"]["sites"] > 0
    assert 0 < told["storage"]["disk_free_bytes"] < told["storage"]["disk_size_bytes"]
    assert (told["model"]["name"], told["model"]["day_budget_tokens"]) == ("practice", 50_000_000)
    failed = told["failed_jobs"][0]
    assert (failed["site"], failed["reason"], failed["author"]) == (site, "It can't be done.", "ana@example.org")
    published = told["publications"][0]
    assert (published["by"], published["site"], published["slot"]) == ("ana@example.org", site, "current")
    page = fleet.page().text
    assert "Nothing wrong was seen" in page
    assert f"journalctl PAGEWRIGHT_JOB={failed['job']}" in page


def test_only_operators_see_it(fleet: Fleet) -> None:
    assert "administrators" in problem(fleet.ana.get("status"), 403)["detail"]
    assert problem(fleet.api.client().get("status"), 401)
    refused = fleet.page("ana@example.org")
    assert refused.status_code == 404
    assert "Bakery" not in refused.text
    assert 'href="/status"' not in refused.text
    assert 'href="/status"' in fleet.page().text
    assert fleet.api.browser().get(f"{PUBLIC_URL}/status").headers["location"] == "/sign-in?next=%2Fstatus"


def test_a_fragment_is_the_body_alone(fleet: Fleet) -> None:
    fragment = fleet.page(**{"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "Nothing wrong was seen" in fragment


def test_redis_is_gone(fleet: Fleet) -> None:
    site = fleet.site()
    assert fleet.publish(site, 1).status_code == 201
    fleet.ask(site, "third")
    fleet.redis.kill()
    told = timed(fleet)
    assert told["troubles"] == ["The job queue is down."]
    assert told["queue"] is None
    assert told["unfinished_jobs"] == 1
    down = next(part for part in told["parts"] if part["name"] == "queue")
    assert (down["up"], down["detail"]) == (False, "The job queue can't be reached.")
    assert told["web_hosts"][0]["compared"] > 0
    page = fleet.page().text
    assert "1 job recorded, none is lost" in page
    assert "Nobody knows while the job queue can’t be asked." in page
    fleet.redis.start()
    assert fleet.part("queue")["up"]
    fleet.work()


def test_storage_is_gone_and_back(fleet: Fleet) -> None:
    fleet.storage.kill()
    told = timed(fleet)
    assert told["troubles"] == ["Storage is down."]
    assert told["storage"] is None
    assert [host["compared"] for host in told["web_hosts"]] == [None, None]
    assert told["failed_jobs"] is not None
    assert "What it should show is not known." in fleet.page().text
    fleet.storage.start()
    assert fleet.status()["troubles"] == []


def test_what_hangs_holds_nothing_up(fleet: Fleet) -> None:
    """Parts that take a connection and say nothing: storage, the model daemon and a web host, all at once."""
    nginx = fleet.webs[1].process.pid
    children = Path(f"/proc/{nginx}/task/{nginx}/children").read_text().split()
    stopped = [fleet.storage.pid, fleet.model.pid, nginx, *map(int, children)]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        told = timed(fleet)
    finally:
        for pid in reversed(stopped):
            os.kill(pid, signal.SIGCONT)
    by_name = {(part["name"], part["address"]): part for part in told["parts"]}
    assert by_name["storage", None]["detail"] == "Storage did not answer within 2 seconds."
    assert by_name["model", None]["up"] is False
    assert by_name["web host", fleet.webs[0].address]["up"] is True
    assert by_name["web host", fleet.webs[1].address]["detail"] == "The web host does not answer."
    assert told["queue"]["running"] == 0
    wait_until(lambda: not fleet.status()["troubles"], "everything is up again")


def test_a_model_daemon_that_is_gone(fleet: Fleet) -> None:
    fleet.model.kill()
    assert timed(fleet)["troubles"] == ["The model daemon is down."]
    assert fleet.part("model")["detail"] == "The model daemon can't be reached."
    fleet.model.start()
    assert fleet.part("model")["up"]


def test_which_host_is_behind_and_since_when(fleet: Fleet) -> None:
    site = fleet.site()
    assert fleet.publish(site, 1).status_code == 201
    os.kill(fleet.deployers[1].pid, signal.SIGSTOP)
    assert fleet.publish(site, 2).status_code == 503
    told = fleet.status()
    wished = fleet.ana.get(f"sites/{site}/deployments").json()["items"][0]
    lag = {"site": site, "slot": "current", "shows": 1, "should_show": 2, "since": wished["at"], "reason": ""}
    assert [host["behind"] for host in told["web_hosts"]] == [[], [lag]]
    assert f"{site} (current) shows version 1, should show 2, for " in fleet.page().text
    os.kill(fleet.deployers[1].pid, signal.SIGCONT)
    wait_until(lambda: not fleet.status()["web_hosts"][1]["behind"], "the host catches up")


def test_what_storage_does_not_tell_is_not_up_to_date(fleet: Fleet) -> None:
    """One damaged site is left out; a storage that can't be asked, or knows of no site, leaves all unknown."""
    sites = [fleet.site(), fleet.site()]
    assert [fleet.publish(site, 1).status_code for site in sites] == [201, 201]

    async def wished(names: list[str]) -> int:
        async with fleet.storage.client("api", restart_seconds=0) as storage:
            return len(await desired_deployments(storage, names))

    damage = fleet.storage.directory / "sites" / sites[0] / "fence"
    kept = damage.read_bytes()
    fleet.storage.kill()
    damage.write_bytes(b"damaged")
    with pytest.raises(Unavailable):
        asyncio.run(wished(sites))
    fleet.storage.start()
    assert asyncio.run(wished(sites)) == 1
    with pytest.raises(PageWrightError, match="damaged"):
        asyncio.run(wished(sites[:1]))
    told = [trouble for trouble in fleet.status()["troubles"] if "can’t read" in trouble]
    assert [trouble.partition(". ")[0] for trouble in told] == [f"Storage can’t read the fence of {sites[0]}"]
    assert "<code>pagewright verify</code>" in fleet.page().text
    damage.write_bytes(kept)
    assert "can’t read" not in str(fleet.status()["troubles"])
    fleet.storage.kill()
    fleet.storage.start()


def test_which_worker_does_what_and_who_fell_silent(fleet: Fleet) -> None:
    site = fleet.site()
    fleet.ask(site, "third")

    async def work() -> None:
        async with JobQueue.open(fleet.redis.url) as queue:
            claim = await queue.claim("web-7", 0.3, 0)
            assert claim
            await queue.progress(claim, Progress(phase=Phase.CHECKING))

    asyncio.run(work())
    (job,) = fleet.status()["queue"]["jobs"]
    assert (job["worker"], job["site"], job["phase"], job["attempt"]) == ("web-7", site, "checking", 1)
    assert job["claimed_at"]
    wait_until(lambda: fleet.status()["troubles"], "the silence is told")
    assert fleet.status()["troubles"] == [
        f"Worker web-7 has left its job for {site}, and no other worker has taken it over."
    ]
    assert "Silent for " in fleet.page().text
    fleet.work()
    assert fleet.status()["troubles"] == []


def test_the_last_ten_of_each(fleet: Fleet) -> None:
    site = fleet.site()
    for _ in range(12):
        fleet.ask(site, "fail")
    fleet.work()
    for version in (1, 2) * 6:
        assert fleet.publish(site, version).status_code == 201
    told = fleet.status()
    assert len(told["failed_jobs"]) == len(told["publications"]) == 10
    assert [publication["version"] for publication in told["publications"]] == [2, 1] * 5
    assert told["failed_jobs"] == sorted(told["failed_jobs"], key=lambda job: job["job"], reverse=True)


def test_the_age_of_the_databases_dumps(fleet: Fleet, tmp_path: Path) -> None:
    told = fleet.status()
    assert (told["database_backup_at"], told["troubles"]) == (None, [])
    fleet.api.stop()
    fleet.api.environment["PAGEWRIGHT_API_BACKUPS"] = str(tmp_path / "dumps")
    fleet.api.start()
    assert fleet.status()["troubles"] == ["There is no backup of the database yet."]
    assert "None yet" in fleet.page().text
    (tmp_path / "dumps" / "20260228T041500Z").mkdir(parents=True)
    told = fleet.status()
    assert told["database_backup_at"] == "2026-02-28T04:15:00Z"
    assert told["troubles"] == ["The newest backup of the database is more than 26 hours old."]
    (tmp_path / "dumps" / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}").mkdir()
    assert fleet.status()["troubles"] == []
    assert "not set up for storage" in fleet.page().text


def timed(fleet: Fleet) -> dict[str, Any]:
    """The status, which has to come soon whatever is down; on a busy machine a little later."""
    started = time.monotonic()
    told = fleet.status()
    assert time.monotonic() - started < 5
    return told
