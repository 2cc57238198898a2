"""What a daemon measures when it is asked for its metrics, against what it is then known to be."""

import importlib.metadata
import math
import shutil

import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.signing import SigningKey
from shared.vocabulary import Slot
from tests.support.api_process import ApiProcess
from tests.support.deployer_process import DeployerProcess, Publisher, wait_until
from tests.support.model_process import ModelProcess
from tests.support.redis_server import RedisServer

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
    assert value(page, "pagewright_dead_letters") == 0
    assert value(page, "pagewright_build_info", daemon="api", version=importlib.metadata.version("pagewright")) == 1

    redis_server.kill()
    page = api.admin("/metrics").text
    assert value(page, "pagewright_queue_up") == 0
    assert math.isnan(value(page, "pagewright_queue_jobs", state="queued"))


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
    assert value(model_process.get("/metrics", admin=True), "pagewright_model_day_tokens") > used
