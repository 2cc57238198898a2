"""What a daemon's metrics say, against what it is known to have met; tests/system/test_job_metrics.py has the jobs."""

import asyncio
import importlib.metadata
import math
import shutil
import time
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.clients.daemon import open_client
from shared.clients.job_queue import JobQueue
from shared.domain.errors import StaleFence
from shared.domain.signing import SigningKey
from shared.domain.vocabulary import Slot
from tests.support.api_process import ApiProcess
from tests.support.deployer_process import DeployerProcess, Publisher, deployer_for
from tests.support.model_process import ModelProcess
from tests.support.redis_server import RedisServer
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until
from tests.support.web_server import WebServer, running_web_server

PAGE = {"index.html": b"<title>Seen</title>"}


def value(text: str, name: str, **labels: str) -> float:
    """One sample of a page of metrics."""
    samples = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    (found,) = [sample.value for sample in samples if (sample.name, sample.labels) == (name, labels)]
    return found


def test_the_api_measures_the_queue(api: ApiProcess, redis_server: RedisServer) -> None:
    user = api.user("ana@example.org")
    assert user.post("sites", json={"name": "seen", "title": "Seen", "template": "small-business"}).is_success
    page = api.admin("/metrics").text
    assert value(page, "pagewright_queue_up") == 1
    assert value(page, "pagewright_queue_jobs", state="queued") == 1
    assert value(page, "pagewright_queue_jobs", state="running") == 0
    assert value(page, "pagewright_queue_oldest_age_seconds") > 0
    assert value(page, "pagewright_jobs_given_up_total") == value(page, "pagewright_lease_expiries_total") == 0
    assert value(page, "pagewright_build_info", daemon="api", version=importlib.metadata.version("pagewright")) == 1

    assert value(page, "pagewright_http_request_seconds_count", route="create_site", method="POST") == 1

    asyncio.run(let_workers_die(redis_server.url))
    page = api.admin("/metrics").text
    assert value(page, "pagewright_jobs_given_up_total") == 1
    assert value(page, "pagewright_lease_expiries_total") == 3
    assert value(page, "pagewright_queue_jobs", state="queued") == 0

    redis_server.kill()
    page = api.admin("/metrics").text
    assert value(page, "pagewright_queue_up") == 0
    assert math.isnan(value(page, "pagewright_queue_jobs", state="queued"))
    assert value(page, "pagewright_jobs_given_up_total") == 1


async def let_workers_die(redis_url: str) -> None:
    """Three of them take the job and fall silent; the fourth finds that it was given up."""
    async with JobQueue.open(redis_url) as queue:
        for _ in range(3):
            assert await queue.claim("doomed", 0.01, 5)
            await asyncio.sleep(0.02)
        assert await queue.claim("late", 0.01, 0) is None


def test_storage_counts_what_it_keeps_hands_out_and_refuses(storage: StorageProcess) -> None:
    """I2: a write whose fence is old leaves a trace for operators."""

    async def work() -> str:
        async with storage.client() as worker, open_client(storage.admin_address) as admin:
            blob = await worker.put_blob(b"twelve bytes")
            await worker.put_blob(b"twelve bytes")
            await worker.get_blob(blob.sha256, 100)
            await worker.announce("bakery", 2, "worker-2")
            with pytest.raises(StaleFence):
                await worker.announce("bakery", 1, "worker-1")
            with pytest.raises(StaleFence):
                await worker.deploy("bakery", Slot.PREVIEW, 1, "worker-1", 1)
            return (await admin.get("/metrics")).text

    page = asyncio.run(work())
    assert value(page, "pagewright_stale_fences_total") == 2
    assert value(page, "pagewright_stored_total", what="blob") == 1
    assert value(page, "pagewright_blob_bytes_total", direction="in") == 24
    assert value(page, "pagewright_blob_bytes_total", direction="out") == 12
    size = value(page, "pagewright_disk_size_bytes", disk="storage")
    assert 0 < value(page, "pagewright_disk_free_bytes", disk="storage") <= size
    assert size == shutil.disk_usage(storage.directory).total


def test_the_deployer_times_its_switches_and_comparisons(deployer: DeployerProcess, publisher: Publisher) -> None:
    started = time.time()
    deployer.start()
    wait_until(lambda: deployer.ask_admin("/readyz")[0] == 200, "it has compared")
    assert started <= metric(deployer, "pagewright_last_comparison_timestamp_seconds") <= time.time()
    for version in (1, 2, 3):
        publisher.publish("bakery", PAGE)
        deployer.wait_for("bakery", Slot.CURRENT, version)
    wait_until(lambda: metric(deployer, "pagewright_switch_seconds_count") == 3, "three switches are timed")
    assert 0 < metric(deployer, "pagewright_switch_seconds_sum") < 3
    assert metric(deployer, "pagewright_releases_total", outcome="released") == 3
    assert metric(deployer, "pagewright_releases_total", outcome="refused") == 0


def test_metrics_tell_which_host_is_behind(
    storage: StorageProcess, publisher: Publisher, web_server: WebServer, tmp_path: Path
) -> None:
    """Of two hosts one does not know the worker's key, so it refuses what the other one shows."""
    (tmp_path / "other").mkdir()
    with (
        running_web_server(tmp_path / "other") as other_web,
        deployer_for(storage, web_server) as fine,
        deployer_for(storage, other_web) as held_back,
    ):
        known_keys = held_back.trusted_keys.read_text()
        held_back.trusted_keys.write_text("")
        held_back.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.5"
        for deployer in (fine, held_back):
            deployer.start()
        publisher.publish("bakery", PAGE)
        fine.wait_for("bakery", Slot.CURRENT, 1)
        wait_until(lambda: held_back.ask_admin("/metrics")[0] == 200, "it listens")
        wait_until(lambda: metric(held_back, "pagewright_sites_behind_seconds") > 1, "it is behind for a second")
        assert metric(held_back, "pagewright_sites_behind") == 1
        assert metric(held_back, "pagewright_releases_total", outcome="refused") >= 1
        assert metric(fine, "pagewright_sites_behind") == metric(fine, "pagewright_sites_behind_seconds") == 0

        held_back.trusted_keys.write_text(known_keys)
        held_back.wait_for("bakery", Slot.CURRENT, 1)
        wait_until(lambda: metric(held_back, "pagewright_sites_behind") == 0, "it has caught up")
        assert metric(held_back, "pagewright_sites_behind_seconds") == 0


def test_the_deployer_measures_who_is_behind(
    deployer: DeployerProcess, publisher: Publisher, signing_key_of_nobody: SigningKey
) -> None:
    deployer.start()
    publisher.publish("bakery", PAGE)
    deployer.wait_for("bakery", Slot.CURRENT, 1)
    wait_until(lambda: metric(deployer, "pagewright_sites_behind") == 0, "bakery shows what it shall")

    forged = publisher.commit("florist", PAGE, key=signing_key_of_nobody)
    publisher.deploy("florist", Slot.CURRENT, forged)
    wait_until(lambda: metric(deployer, "pagewright_sites_behind") == 1, "florist is behind")
    before = metric(deployer, "pagewright_sites_behind_seconds")
    wait_until(lambda: metric(deployer, "pagewright_sites_behind_seconds") > before, "it stays behind")
    assert metric(deployer, "pagewright_disk_size_bytes", disk="web") == shutil.disk_usage(deployer.root).total

    publisher.publish("florist", PAGE)
    wait_until(lambda: metric(deployer, "pagewright_sites_behind") == 0, "florist has caught up")
    assert metric(deployer, "pagewright_sites_behind_seconds") == 0


def metric(deployer: DeployerProcess, name: str, **labels: str) -> float:
    return value(deployer.ask_admin("/metrics")[1], name, **labels)


@pytest.fixture
def signing_key_of_nobody() -> SigningKey:
    return SigningKey.generate()


def test_the_model_daemon_measures_the_days_budget(model_process: ModelProcess) -> None:
    page = model_process.get("/metrics", admin=True)
    assert value(page, "pagewright_model_day_budget_tokens") == 50_000_000
    used = value(page, "pagewright_model_day_tokens")
    body = {"model": "m", "stream": True, "input": [{"role": "user", "content": "Hello."}]}
    answer = model_process.ask(body)
    assert answer.status == 200, answer.text
    page = model_process.get("/metrics", admin=True)
    more = value(page, "pagewright_model_day_tokens") - used
    counted = [value(page, "pagewright_model_tokens_total", model="practice", direction=way) for way in ("in", "out")]
    assert min(counted) > 0
    assert sum(counted) == more
