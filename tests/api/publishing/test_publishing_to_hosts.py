"""Publishing with two web hosts, each a real nginx and a real deployer, when one of them is away or behind."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from daemons.api.publishing.web_host import HostAnswer
from daemons.api.publishing.web_hosts import WebHosts
from shared.domain.vocabulary import Slot
from tests.api.conftest import problem
from tests.api.tiny_worker import TinyWorker
from tests.support.api_process import SITES_URL, ApiProcess, running_api
from tests.support.deployer_process import DeployerProcess, deployer_for
from tests.support.redis_server import RedisServer
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until
from tests.support.web_server import WebServer, running_web_server

NOT_YET = "does not show it yet"


@dataclass
class WebHost:
    """One of the hosts that visitors reach."""

    web: WebServer
    deployer: DeployerProcess

    def nginx(self, signal_number: signal.Signals) -> None:
        """Signal the master and its workers."""
        children = Path(f"/proc/{self.web.process.pid}/task/{self.web.process.pid}/children").read_text().split()
        for pid in (self.web.process.pid, *map(int, children)):
            os.kill(pid, signal_number)


@dataclass
class Hosts:
    """Two web hosts, and ana's site `bakery` with two versions."""

    ana: httpx.Client
    api: ApiProcess
    first: WebHost
    second: WebHost

    def publish(self, version: int) -> httpx.Response:
        return self.ana.post("sites/bakery/deployments", json={"slot": "current", "version": version})

    def move(self, address: str, **more: str) -> httpx.Response:
        return self.ana.put("sites/bakery/address", json={"address": address, **more})

    def take_down(self) -> httpx.Response:
        return self.ana.post("sites/bakery/deployments", json={"slot": "current", "version": None})

    def shown(self) -> list[tuple[bool, int | None]]:
        """What each host says now: whether it answers, and its version of the bakery."""

        async def ask() -> list[HostAnswer]:
            async with WebHosts([self.first.web.address, self.second.web.address], SITES_URL) as probe:
                return await probe.hosts("bakery", Slot.CURRENT)

        return [(host.answers, host.version) for host in asyncio.run(ask())]

    def logged(self, text: str) -> int:
        return self.api.log.read_text().count(text)


@pytest.fixture
def hosts(redis_server: RedisServer, storage: StorageProcess, tmp_path: Path) -> Iterator[Hosts]:
    with ExitStack() as ends:
        pair = []
        for name in ("first", "second"):
            (tmp_path / name).mkdir()
            web = ends.enter_context(running_web_server(tmp_path / name))
            pair.append(WebHost(web, ends.enter_context(deployer_for(storage, web))))
        addresses = "  ".join(host.web.address for host in pair)
        api = ends.enter_context(running_api(redis_server.url, storage, probe_addresses=addresses))
        ana, worker = api.user("ana@example.org"), TinyWorker(redis_server.url, storage)
        ana.post("sites", json={"name": "bakery", "title": "Bakery", "template": "small-business"})
        ana.post("sites/bakery/jobs", json={"message": "second"})
        worker.work()
        for host in pair:
            host.deployer.start()
        yield Hosts(ana, api, *pair)


def test_live_means_that_every_host_shows_it(hosts: Hosts) -> None:
    """I5: whichever host a visitor comes to."""
    for version in (1, 2, 1):
        assert hosts.publish(version).status_code == 201
        assert hosts.shown() == [(True, version), (True, version)]


def test_a_host_that_is_behind_is_not_passed_over(hosts: Hosts) -> None:
    assert hosts.publish(1).status_code == 201
    os.kill(hosts.second.deployer.pid, signal.SIGSTOP)
    detail = problem(hosts.publish(2), 503)["detail"]
    assert NOT_YET in detail
    assert hosts.second.web.address in detail, "it names the host, so that somebody can look there"
    assert hosts.first.web.address not in detail
    assert hosts.shown() == [(True, 2), (True, 1)]
    os.kill(hosts.second.deployer.pid, signal.SIGCONT)
    assert hosts.publish(2).status_code == 201
    assert hosts.shown() == [(True, 2), (True, 2)]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_host_that_is_away_holds_up_nobody(hosts: Hosts, how: signal.Signals) -> None:
    """Neither one whose port is closed nor one that takes connections and says nothing."""
    assert hosts.publish(1).status_code == 201
    hosts.second.nginx(how)
    assert hosts.publish(2).status_code == 201
    started = time.monotonic()
    for version in (1, 2) * 3:
        assert hosts.publish(version).status_code == 201
    assert time.monotonic() - started < 6, "each waits two seconds for the dead host again"
    assert hosts.shown() == [(True, 2), (False, None)]
    assert hosts.logged("does not answer") == 1


def test_a_host_that_comes_back_counts_again(hosts: Hosts) -> None:
    assert hosts.publish(1).status_code == 201
    os.kill(hosts.second.deployer.pid, signal.SIGSTOP)
    hosts.second.nginx(signal.SIGSTOP)
    assert hosts.publish(2).status_code == 201
    hosts.second.nginx(signal.SIGCONT)
    wait_until(lambda: hosts.logged("answers again"), "the api hears of it again")
    assert NOT_YET in problem(hosts.publish(2), 503)["detail"]


def test_nobody_answers(hosts: Hosts) -> None:
    for host in (hosts.first, hosts.second):
        host.nginx(signal.SIGKILL)
    assert "no web host answers" in problem(hosts.publish(1), 503)["detail"]
    assert hosts.logged("does not answer") == 2


def test_a_site_that_moves_is_found_on_every_host_at_its_new_address_and_stays_publishable(hosts: Hosts) -> None:
    """From the old address the same page is reached; a host that is late is named."""
    hosts.publish(1)
    moved = hosts.move("brot", forward="30d")
    assert (moved.status_code, moved.json().get("url")) == (200, "http://brot.sites.test"), moved.text
    for host in (hosts.first, hosts.second):
        assert host.web.get("brot").status == 200
        led = host.web.get("bakery", "/about.html?from=search")
        assert (led.status, led.headers["location"]) == (301, "http://brot.sites.test/about.html?from=search")
    assert hosts.ana.get("sites/bakery").json()["urls"]["current"] == "http://brot.sites.test"
    assert hosts.publish(2).status_code == 201, "the home page is looked at where visitors get it"
    assert hosts.ana.get("sites/bakery/slots/current").json()["served"]

    os.kill(hosts.second.deployer.pid, signal.SIGSTOP)
    late = problem(hosts.move("laden", expected="brot"), 503)["detail"]
    assert f"the web host {hosts.second.web.address} does not show it there yet" in late
    assert hosts.first.web.address not in late
    os.kill(hosts.second.deployer.pid, signal.SIGCONT)
    assert problem(hosts.move("torte", expected="brot"), 409)["detail"].startswith("ana@example.org moved the site")
    assert hosts.move("laden", expected="brot").status_code == 200, "the same again waits for the hosts again"

    assert hosts.move("bakery", forward="none").status_code == 200
    assert [hosts.second.web.get(label).status for label in ("bakery", "brot", "laden")] == [200, 301, 404]
    assert hosts.take_down().status_code == 201
    assert [hosts.second.web.get(label).status for label in ("bakery", "brot")] == [404, 301]
