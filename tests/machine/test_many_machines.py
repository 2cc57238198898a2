"""A fleet as in the example inventory: the main job over several hosts, hosts that fail, upgrades, a backup.

The tests use nine machines and stand in the order of their life; the last one is about one that replaces them all.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.machine import monitoring
from tests.machine.booted_machine import Machine, booted_fleet, booted_machine
from tests.machine.conftest import token_of
from tests.machine.controller import Controller
from tests.machine.owner import create, edit, publish
from tests.machine.releases import broken_release, newer_release
from tests.machine.rollout import APP_HOST, SITES_DOMAIN, Installation, example_groups, many_machines, one_machine
from tests.machine.visitor import Document, Visitor
from tests.support.load import running_load
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.machine, pytest.mark.xdist_group("machine")]

SITE = "bakery"
# What Prometheus asks on the hosts of each group.
DAEMONS = {"api": "api", "storage": "storage", "model": "model", "workers": "worker", "web": "deployer"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """An operator's own certificate for both names, and its key, as PEM."""
    folder = tmp_path_factory.mktemp("tls")
    names = f"subjectAltName=DNS:{APP_HOST},DNS:*.{SITES_DOMAIN}"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", f"/CN={APP_HOST}", "-addext", names, "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=30)
    return (folder / "certificate.pem").read_text(), (folder / "key.pem").read_text()


@pytest.fixture(scope="module")
def fleet(bootable: None, certificate: tuple[str, str]) -> Iterator[Installation]:
    """All hosts of the example inventory, rolled out."""
    with booted_fleet(example_groups("many-machines")["pagewright"]) as machines:
        fleet = many_machines(machines)
        fleet.values |= {"web_certificate": certificate[0], "web_certificate_key": certificate[1]}
        fleet.roll_out()
        yield fleet


@pytest.fixture(scope="module")
def controller(fleet: Installation) -> Controller:
    return Controller(fleet)


@pytest.fixture(scope="module")
def owner(fleet: Installation, certificate: tuple[str, str]) -> Visitor:
    """The first user, who comes to the web hosts in turn."""
    return Visitor(fleet.group("web"), certificate[0], token_of(fleet))


def test_the_main_job(fleet: Installation, owner: Visitor) -> None:
    """Every web host shows what is published, and is asked before an owner is told so."""
    create(owner, SITE)
    job = owner.finished(edit(owner, SITE, "Fresh from many hands"))
    for web in fleet.group("web"):
        assert b"Fresh from many hands" in owner.at(web).site(f"preview--{SITE}")
        assert b"Fresh from many hands" not in owner.at(web).site(SITE)
    publish(owner, SITE, job["version"])
    for web in fleet.group("web"):
        assert b"Fresh from many hands" in owner.at(web).site(SITE)


def test_a_second_run_changes_nothing(controller: Controller, fleet: Installation) -> None:
    said = controller.perform("Scale out")[-1]
    assert said.count("changed=0 ") == len(fleet.machines), said[-3000:]


def test_a_port_is_open_to_those_who_call_it(fleet: Installation) -> None:
    """I7: the packet filter lets a web host ask storage, and neither Redis, nor the database, nor the model door."""
    web, worker = fleet.group("web")[0], fleet.group("workers")[0]
    redis, storage = fleet.group("redis")[0], fleet.group("storage")[0]
    assert opens(web, storage, 7401) and opens(worker, storage, 7401) and opens(worker, redis, 6379)
    assert not opens(web, redis, 6379) and not opens(web, redis, 5432) and not opens(web, storage, 7402)
    assert not opens(worker, storage, 7411)


def test_prometheus_hears_every_daemon(fleet: Installation, controller: Controller) -> None:
    (watch,) = fleet.group("monitoring")
    wanted = {(role, host) for group, role in DAEMONS.items() for host in fleet.groups[group]}
    wait_for(lambda: monitoring.answering(watch).keys() >= wanted, "Prometheus knows every daemon")
    wait_for(
        lambda: all(all(answers) for answers in monitoring.answering(watch).values()),
        "Prometheus gets an answer of each",
    )
    controller.perform("Watch it")


def test_an_operator_sees_which_host_is_behind_and_who_published(
    fleet: Installation, controller: Controller, owner: Visitor
) -> None:
    """I9: a web host whose deployer is stopped shows what it showed, its owner is told, and it catches up by itself."""
    (watch,), second = fleet.group("monitoring"), fleet.group("web")[1]
    version = owner.finished(edit(owner, SITE, "Not everywhere yet"))["version"]
    second.output("systemctl stop pagewright-deployer")
    refused = owner.ask_api("POST", f"/sites/{SITE}/deployments", {"slot": "current", "version": version})
    assert refused.status == 503 and b"does not have it yet" in refused.body
    (behind,) = (host for host in owner.call("GET", "/status")["web_hosts"] if host["behind"])
    assert behind["address"].startswith(f"{second.address}:")
    assert behind["behind"][0]["should_show"] == version
    wait_for(lambda: monitoring.answering(watch)["deployer", "web2"] == [False], "Prometheus gets no answer")
    second.output("systemctl start pagewright-deployer")
    wait_for(lambda: b"Not everywhere yet" in owner.at(second).site(SITE), "it has caught up")
    assert "pagewright_sites_behind" in controller.perform("Which host is behind?")[0]
    assert f"shall show version {version}" in controller.perform("Who published this version?")[0]


def test_a_worker_host_that_loses_its_power_costs_no_job(fleet: Installation, owner: Visitor) -> None:
    """I3: another one takes the job over when the lease has run out, and the metrics say so."""
    first, second = fleet.group("workers")
    second.output("systemctl stop pagewright-worker@1 pagewright-worker@2")
    job = edit(owner, SITE, "Done by the other")
    wait_for(lambda: owner.call("GET", f"/jobs/{job['id']}")["state"] == "running", "the job runs")
    with without_power(first):
        second.output("systemctl start pagewright-worker@1 pagewright-worker@2")
        assert owner.finished(job)["version"]
    (watch,) = fleet.group("monitoring")
    wait_for(lambda: monitoring.value(watch, "sum(pagewright_lease_expiries_total)") >= 1, "the metrics tell of it")


def test_a_web_host_that_is_away_holds_up_nobody(fleet: Installation, owner: Visitor) -> None:
    first, second = fleet.group("web")
    with without_power(second):
        version = owner.at(first).finished(edit(owner.at(first), SITE, "One is enough"))["version"]
        publish(owner.at(first), SITE, version)
        assert b"One is enough" in owner.at(first).site(SITE)
    wait_for(lambda: b"One is enough" in owner.at(second).site(SITE), "it has caught up")


def test_all_come_back_when_all_were_rebooted(fleet: Installation, owner: Visitor) -> None:
    """The hosts that hold everything, with an edit under way: it gets done."""
    before = owner.site(SITE)
    job = edit(owner, SITE, "After the night")
    for name in ("storage1", "redis1"):
        fleet.machines[name].reboot()
    assert owner.site(SITE) == before
    assert owner.finished(job)["version"]


def test_upgrade_and_rollback_disturb_nobody(fleet: Installation, owner: Visitor) -> None:
    """Neither visitors nor users, for there are two of each host that they come to; edits under way get done."""
    newer = newer_release(fleet.directory)
    first = releases(fleet)
    with running_load(lambda: owner.site(SITE), lambda: owner.call("GET", f"/sites/{SITE}"), pause=0.02) as load:
        job = edit(owner, SITE, "Upgraded under way")
        fleet.roll_out("upgrade.yml", "-e", f"release_bundles={newer}")
        assert all(release.endswith(".newer") for release in releases(fleet).values())
        owner.finished(job)
        job = edit(owner, SITE, "Rolled back under way")
        fleet.roll_out("rollback.yml")
        assert releases(fleet) == first
        owner.finished(job)
    assert load.faults == []
    assert len(load.answers) > 100
    print(f"{len(load.answers)} requests of visitors and users during upgrade and rollback, none failed")


def test_an_upgrade_stops_at_the_first_host_that_does_not_get_well(fleet: Installation, owner: Visitor) -> None:
    """That host goes back to the release that it had, the others never leave it, and everything works."""
    first = releases(fleet)
    with running_load(lambda: owner.site(SITE), pause=0.02) as load:
        recap = fleet.play("upgrade.yml", "-e", f"release_bundles={broken_release(fleet.directory)}")
    assert recap.status != 0
    assert "storage1 did not get well" in " ".join(recap.output.split())
    after = releases(fleet)
    assert {name for name in after if after[name] != first[name]} <= {"redis1"}  # which has no daemon of ours
    owner.finished(edit(owner, SITE, "As if nothing had been"))
    assert load.faults == []
    fleet.roll_out("rollback.yml")
    assert releases(fleet) == first


def test_a_backup_comes_back_on_a_new_machine(
    fleet: Installation, controller: Controller, owner: Visitor, tmp_path: Path
) -> None:
    """All hosts are lost: one new machine gets the same users, sites, versions and slots, and proves every byte."""
    controller.perform("Back up")
    (backup,) = controller.take("backups", tmp_path).iterdir()
    before = everything(owner)
    for machine in fleet.machines.values():
        machine.stop()
    with booted_machine() as machine:
        new = one_machine(machine)
        new.values |= fleet.values
        new.roll_out()
        Controller(new).perform("Restore", {"../backups/20300331T020000Z": str(backup)})
        again = Visitor([machine], owner.certificate, owner.token)
        assert everything(again) == before
        assert "pagewright-verify.service" not in machine.output("systemctl --failed --no-legend --plain")
        wait_for(lambda: again.site(SITE) != b"", "the site is served")
        publish(again, SITE, again.finished(edit(again, SITE, "Life goes on"))["version"])
        assert b"Life goes on" in again.site(SITE)


def everything(owner: Visitor) -> list[Document]:
    """What must be the same after a restore."""
    versions = owner.call("GET", f"/sites/{SITE}/versions?limit=100")["items"]
    files = [owner.call("GET", f"/sites/{SITE}/versions/{version['number']}") for version in versions]
    asked = ("/me", "/tokens", "/sites", f"/sites/{SITE}/messages", f"/sites/{SITE}/deployments", f"/audit?site={SITE}")
    return [owner.call("GET", path) for path in asked] + files


def releases(fleet: Installation) -> dict[str, str]:
    """The current release of each host."""
    return {name: host.output("readlink /opt/pagewright/current").strip() for name, host in fleet.machines.items()}


@contextmanager
def without_power(host: Machine) -> Iterator[None]:
    """The network goes first: a container's processes die one after the other, and must not tell of it."""
    host.run("systemd-run --quiet --no-block sh -c 'sleep 0.3; exec ip link set host0 down'")
    time.sleep(0.6)
    host.stop()
    try:
        yield
    finally:
        host.boot()


def opens(host: Machine, other: Machine, port: int) -> bool:
    """Whether one host gets a connection to another's port."""
    program = f"import socket; socket.create_connection(('{other.address}', {port}), 2)"
    return host.run(f'python3 -c "{program}"').returncode == 0


def wait_for(holds: Callable[[], bool], what: str) -> None:
    """While hosts come and go they refuse, and are not known."""
    wait_until(holds, what, 90, not_yet=(AssertionError, OSError, KeyError))
