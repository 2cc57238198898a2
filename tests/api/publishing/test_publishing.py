"""Publishing over HTTP with a real deployer and web server: 201 means that visitors see it."""

import json
import resource
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from daemons.deployer.confirmation import confirm
from tests.api.conftest import problem
from tests.api.tiny_worker import TinyWorker
from tests.support.api_process import running_api
from tests.support.deployer_process import DeployerProcess
from tests.support.redis_server import RedisServer
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until
from tests.support.web_server import WebServer


@dataclass
class Host:
    """A whole system with one web host, and ana's site `bakery`: of three versions the last failed a check."""

    ana: httpx.Client
    root: httpx.Client
    web: WebServer
    deployer: DeployerProcess

    def publish(self, version: int | None, slot: str = "current", **more: object) -> httpx.Response:
        body = {"slot": slot, "version": version, **more}
        return self.ana.post("sites/bakery/deployments", json=body)

    def page(self) -> str:
        """What its owner reads of the newest version."""
        return self.ana.get(self.ana.base_url.join("/sites/bakery?version=2")).text

    def troubles(self) -> list[str]:
        """What the status says of web hosts."""
        return [told for told in self.root.get("status").json()["troubles"] if told.startswith("The web host")]


@pytest.fixture
def host(
    redis_server: RedisServer, storage: StorageProcess, web_server: WebServer, deployer: DeployerProcess
) -> Iterator[Host]:
    with running_api(redis_server.url, storage, probe_addresses=web_server.address) as api:
        ana, worker = api.user("ana@example.org"), TinyWorker(redis_server.url, storage)
        ana.post("sites", json={"name": "bakery", "title": "Bakery", "template": "small-business"})
        for message in ("second", "bad checks"):
            ana.post("sites/bakery/jobs", json={"message": message})
        worker.work()
        deployer.start()
        yield Host(ana, api.user("root@example.org", admin=True), web_server, deployer)


def test_a_published_version_is_live_and_so_is_a_rollback(host: Host) -> None:
    assert host.web.get("bakery").status == 404
    for version in (1, 2, 1):
        answer = host.publish(version)
        assert answer.status_code == 201, answer.text
        assert (answer.json()["slot"], answer.json()["version"], answer.json()["by"]) == (
            "current",
            version,
            "ana@example.org",
        )
        assert (b"second" in host.web.get("bakery").body) == (version == 2)
    assert host.web.get("preview--bakery").status == 404
    assert host.publish(2, "preview").status_code == 201
    assert b"second" in host.web.get("preview--bakery").body
    assert host.ana.get("sites/bakery").json()["slots"] == {"current": 1, "preview": 2}
    listed = host.ana.get("sites/bakery/deployments", params={"limit": 3}).json()
    assert [(d["slot"], d["version"]) for d in listed["items"]] == [("preview", 2), ("current", 1), ("current", 2)]
    rest = host.ana.get("sites/bakery/deployments", params={"before": listed["next"]}).json()
    assert [(d["slot"], d["version"]) for d in rest["items"]] == [("current", 1)]
    actions = [entry["action"] for entry in host.root.get("audit", params={"site": "bakery"}).json()["items"]]
    assert actions[:4] == ["deploy.preview", "deploy.current", "deploy.current", "deploy.current"]


def test_a_double_click_records_one_deployment(host: Host) -> None:
    assert [host.publish(1).status_code for _ in range(2)] == [201, 201]
    assert len(host.ana.get("sites/bakery/deployments").json()["items"]) == 1


def test_failed_checks_must_be_accepted(host: Host) -> None:
    refused = problem(host.publish(3), 409)
    assert "links" in refused["detail"]
    assert "`accept_failed_checks`" in refused["hint"]
    assert host.ana.get("sites/bakery/deployments").json()["items"] == []
    assert host.publish(3, accept_failed_checks=True).status_code == 201


def test_who_saw_another_version_live_is_told(host: Host) -> None:
    assert host.publish(1, expected=None).status_code == 201
    told = problem(host.publish(2, expected=None), 409)
    assert told["detail"].startswith("ana@example.org published version 1 at ")
    assert told["detail"].endswith("; you had seen none there.")
    assert "Look at version 1;" in told["hint"]
    assert host.publish(2, expected=1).status_code == 201
    assert problem(host.publish(1, expected=1), 409)["detail"].endswith("you had seen version 1 there.")
    assert host.publish(1).status_code == 201, "who expects nothing is as free as ever"
    assert [item["version"] for item in host.ana.get("sites/bakery/deployments").json()["items"]] == [1, 2, 1]


def test_if_match_expects_as_the_field_does(host: Host) -> None:
    def publish(version: int, header: str, **more: object) -> httpx.Response:
        body = {"slot": "current", "version": version, **more}
        return host.ana.post("sites/bakery/deployments", json=body, headers={"If-Match": header})

    assert publish(1, '"0"').status_code == 201
    assert "published version 1 at" in problem(publish(2, '"0"'), 409)["detail"]
    assert publish(2, '"1"', expected=1).status_code == 201
    assert "different versions" in problem(publish(1, '"2"', expected=1), 422)["detail"]
    assert "names no version" in problem(publish(1, "*"), 422)["detail"]


def test_a_site_is_taken_down_once_every_host_was_seen_to_show_nothing(host: Host) -> None:
    """With the guards, the record and the undo of a publication; the preview and old versions stay."""
    assert "no version was ever published" in problem(host.publish(None), 409)["detail"]
    host.publish(1)
    host.publish(2)
    assert "Only current can show nothing." in problem(host.publish(None, "preview"), 422)["hint"]
    assert problem(host.publish(None, expected=1), 409)["detail"].endswith("you had seen version 1 there.")
    down = host.publish(None, expected=2)
    assert (down.status_code, down.json()["version"], host.web.get("bakery").status) == (201, None, 404)
    assert host.web.get("v2--bakery").status == 200
    assert host.publish(None, expected=2).status_code == 201, "a second click"
    seen = host.ana.get("sites/bakery/slots/current").json()
    assert seen == {"slot": "current", "version": None, "served": True, "late": []}
    assert "current" not in host.ana.get("sites/bakery").json()["slots"]
    listed = host.ana.get("sites/bakery/deployments").json()["items"]
    assert [item["version"] for item in listed] == [None, 2, 1]
    told = host.root.get("audit", params={"site": "bakery"}).json()["items"][0]
    assert (told["action"], told["actor"], told["details"]) == ("take-down", "ana@example.org", {"before": 2})
    plan = host.ana.get("sites/bakery/versions/2/publication").json()
    assert (plan["live"], bool(plan["changes"]["added"])) == (None, True), "compared with nothing"
    page = host.ana.get(host.ana.base_url.join("/sites/bakery")).text
    assert "Visitors see nothing." in page
    assert "Show version 2 again" in page
    assert problem(host.publish(1, expected=2), 409)["detail"].startswith("ana@example.org took the site down at ")
    home = host.ana.base_url.join("/sites/bakery/undo-publication")
    again = host.ana.post(home, data={"expected": "0"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (again.status_code, host.web.get("bakery").status) == (303, 200)
    assert host.troubles() == []


def test_a_host_that_still_shows_what_was_taken_down_is_named(host: Host) -> None:
    host.publish(1)
    assert host.deployer.stop() == 0
    told = problem(host.publish(None), 503)["detail"]
    assert told == f"The site is to be taken down, but the web host {host.web.address} may still show it."
    assert "Visitors may still see something." in host.ana.get(host.ana.base_url.join("/sites/bakery")).text
    host.deployer.start()
    wait_until(lambda: host.web.get("bakery").status == 404, "it shows nothing")


def test_what_can_not_be_published(host: Host) -> None:
    problem(host.publish(4), 404)
    for body in (
        {"version": 0},
        {"version": "x"},
        {"slot": "next"},
        {"expected": 0},
        {"accept_failed_checks": "perhaps"},
        {"slot": 1},
    ):
        problem(host.ana.post("sites/bakery/deployments", json={"slot": "current", "version": 1} | body), 422)
    problem(host.ana.post("sites/nowhere/deployments", json={"slot": "current", "version": 1}), 404)


def test_a_sleeping_web_host_is_told_and_catches_up(host: Host) -> None:
    host.deployer.kill()
    answer = host.publish(1)
    assert "does not show it yet" in problem(answer, 503)["detail"]
    host.deployer.start()
    wait_until(lambda: host.web.get("bakery").status == 200, "the version goes live by itself")
    assert host.publish(1).status_code == 201


def test_a_host_that_can_not_show_it_is_named_with_its_reason_at_once(host: Host) -> None:
    """Nothing of it goes live by itself: who publishes is told, and so are operators."""
    keys = host.deployer.trusted_keys.read_text()
    resource.prlimit(host.deployer.pid, resource.RLIMIT_FSIZE, (200, resource.RLIM_INFINITY))
    full = problem(host.publish(1), 503)
    assert full["detail"] == f"The web host {host.web.address} can't take version 1: its disk is full."
    assert "free space" in full["hint"]
    assert host.troubles() == [f"The web host {host.web.address} is behind with 1 site. Its disk is full."]

    resource.prlimit(host.deployer.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    host.deployer.trusted_keys.write_text("# nobody\n")
    started = time.monotonic()
    refused = problem(host.publish(2), 503)
    assert "version 2: the manifest of bakery version 2 is signed by a key that is not trusted." in refused["detail"]
    assert time.monotonic() - started < 8, "it was not waited for"
    host.deployer.trusted_keys.write_text(keys)
    assert host.publish(2).status_code == 201, "what the host had said before is no answer to this"
    assert host.troubles() == []


def test_what_a_slot_shows_is_looked_at(host: Host) -> None:
    """A wish is not what is served: who asks is told which, and what is in its way."""
    assert host.publish(1, "preview").status_code == 201
    shown = host.ana.get("sites/bakery/slots/preview").json()
    assert shown == {"slot": "preview", "version": 1, "served": True, "late": []}
    keys = host.deployer.trusted_keys.read_text()
    host.deployer.trusted_keys.write_text("# nobody\n")
    problem(host.publish(2, "preview"), 503)
    refused = host.ana.get("sites/bakery/slots/preview").json()
    assert (refused["version"], refused["served"]) == (2, False)
    assert [late["address"] for late in refused["late"]] == [host.web.address]
    assert "a key that is not trusted" in refused["late"][0]["reason"]
    assert "The web server does not show version 2 yet: the manifest of bakery" in host.page()
    host.deployer.trusted_keys.write_text(keys)
    assert host.publish(2, "preview").status_code == 201
    assert host.ana.get("sites/bakery/slots/current").json() == {
        "slot": "current", "version": None, "served": False, "late": [],
    }  # fmt: skip
    problem(host.ana.get("sites/bakery/slots/next"), 404)
    problem(host.ana.get("sites/nowhere/slots/preview"), 404)


def test_the_right_number_with_other_bytes_is_not_what_should_be_shown(host: Host) -> None:
    """A slot and the status compare digests; a release that an older deployer made tells none, and is believed."""
    assert host.publish(1).status_code == 201
    host.deployer.kill()
    record = host.web.sites / "bakery/releases/1/.pagewright/release.json"
    told = json.loads(record.read_text())
    record.write_text(json.dumps(told | {"manifest": "0" * 64}))
    assert host.ana.get("sites/bakery/slots/current").json()["served"] is False
    assert "version 1 is not shown yet" in (page := host.page())
    assert ("Not shown yet" in page, ">Published<" in page) == (True, False)
    (lag,) = host.root.get("status").json()["web_hosts"][0]["behind"]
    assert (lag["shows"], lag["should_show"], lag["reason"]) == (
        1, 1, "What it shows as version 1 is not what storage keeps under this number.",
    )  # fmt: skip
    assert host.troubles() == [f"The web host {host.web.address} is behind with 1 site. {lag['reason']}"]
    del told["manifest"]
    record.write_text(json.dumps(told))
    assert host.ana.get("sites/bakery/slots/current").json()["served"] is True
    assert ">Published<" in host.page()
    assert host.root.get("status").json()["web_hosts"][0]["behind"] == []


def test_a_storage_that_is_older_than_before_is_told_before_anybody_publishes(host: Host) -> None:
    """Though every slot shows what it should: the host tells that it follows this storage no more."""
    assert host.publish(1).status_code == 201
    seen = host.web.sites / "bakery/seen.json"
    wait_until(seen.exists, "the host remembers what storage told")
    host.deployer.stop()
    seen.write_text(json.dumps(json.loads(seen.read_text()) | {"fence": 1 << 40}))
    host.deployer.start()
    wait_until(lambda: len(host.troubles()) == 1, "the host tells it")
    (told,) = host.troubles()
    assert "does not follow storage for bakery: storage is older" in told
    assert "`pagewright confirm-storage`" in told
    assert confirm(host.web.sites) == ["bakery"]
    assert host.publish(2).status_code == 201
    assert host.troubles() == []


def test_damage_is_not_called_live(host: Host) -> None:
    """Publishing again a version whose home page was lost answers when the right one is served."""
    assert host.publish(1).status_code == 201
    home = host.web.get("bakery").body
    release = host.web.sites / "bakery/releases/1"
    for name in ("index.html", "index.html.gz"):
        (release / name).write_bytes(b"")
    assert host.web.get("bakery").body == b""
    assert host.publish(1).status_code == 201
    assert host.web.get("bakery").body == home
    for path in sorted(release.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert host.publish(1).status_code == 201
    assert host.web.get("bakery").body == home


def test_a_publication_that_another_one_overtakes_says_so(host: Host) -> None:
    host.deployer.kill()
    answers: list[httpx.Response] = []
    first = threading.Thread(target=lambda: answers.append(host.publish(1)))
    first.start()
    wait_until(lambda: host.ana.get("sites/bakery/deployments").json()["items"], "the first wish is recorded")
    second = threading.Thread(target=lambda: answers.append(host.publish(2)))
    second.start()
    wait_until(lambda: len(host.ana.get("sites/bakery/deployments").json()["items"]) == 2, "the second as well")
    host.deployer.start()
    first.join()
    second.join()
    assert sorted(answer.status_code for answer in answers) == [201, 409]
