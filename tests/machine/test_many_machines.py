"""A fleet as in the example inventory: the main job over several hosts, hosts that fail, upgrades, a backup.

The tests use nine machines and stand in the order of their life; the last one is about one that replaces them all.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.machine import monitoring
from tests.machine.booted_machine import booted_fleet, booted_machine
from tests.machine.certificate import new_certificate
from tests.machine.conftest import token_of
from tests.machine.controller import Controller
from tests.machine.faults import opens, standing_still, without_power
from tests.machine.owned_files import pages, records
from tests.machine.owner import create, edit, keeps_editing, publish, versions_of
from tests.machine.releases import broken_release, newer_release, releases
from tests.machine.rollout import ADMIN_EMAIL, Installation, example_groups, many_machines, one_machine
from tests.machine.visitor import Visitor
from tests.support.load import running_load
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.machine, pytest.mark.xdist_group("fleet")]

SITE, OTHER_SITE = "bakery", "florist"
# The previews of the first one come and go.
SHOWN = (SITE, OTHER_SITE, f"preview--{OTHER_SITE}")
# The host that comes later.
LATER = "worker2"
# What Prometheus asks on the hosts of each group.
DAEMONS = {"api": "api", "storage": "storage", "model": "model", "workers": "worker", "web": "deployer"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """An operator's own, and its key, as PEM."""
    return new_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def fleet(bootable: None, certificate: tuple[str, str]) -> Iterator[Installation]:
    """All hosts of the example inventory, rolled out but for one."""
    with booted_fleet(example_groups("many-machines")["pagewright"]) as machines:
        fleet = many_machines(machines)
        fleet.groups = {group: [name for name in names if name != LATER] for group, names in fleet.groups.items()}
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


@pytest.fixture(scope="module")
def florist(fleet: Installation, owner: Visitor) -> Visitor:
    """A second user, with a site of their own."""
    email = "florist@pagewright.test"
    fleet.group("api")[0].output(f"pagewright-operator add-user {email}")
    florist = Visitor(owner.machines, owner.certificate, token_of(fleet, email))
    create(florist, OTHER_SITE)
    return florist


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


def test_a_host_is_added_and_all_secrets_are_changed(
    controller: Controller, fleet: Installation, owner: Visitor
) -> None:
    """Whatever has changed, one run brings it to all hosts; jobs are done afterwards as before."""
    (database,) = fleet.group("database")

    def and_more(done: int) -> None:
        if done == 4:
            database.output("rm /etc/pagewright/credentials/pagewright_database_password")
            fleet.groups = example_groups("many-machines")
            fleet.write_inventory()

    (said,) = controller.perform("Change a secret", after=and_more)[4:]
    assert f"{LATER} " in said
    assert fleet.machines[LATER].output("systemctl is-active pagewright-worker@2") == "active\n"
    owner.finished(edit(owner, SITE, "New secrets"))


def test_a_second_run_changes_nothing(controller: Controller, fleet: Installation) -> None:
    said = controller.perform("Scale out")[-1]
    assert said.count("changed=0 ") == len(fleet.machines), said[-3000:]


def test_a_port_is_open_to_those_who_call_it(fleet: Installation) -> None:
    """I7: the packet filter lets a web host ask storage, and neither Redis, nor the database, nor the model gateway."""
    web, worker = fleet.group("web")[0], fleet.group("workers")[0]
    redis, storage = fleet.group("redis")[0], fleet.group("storage")[0]
    assert opens(web, storage, 7401) and opens(worker, storage, 7401) and opens(worker, redis, 6379)
    assert not opens(web, redis, 6379) and not opens(web, redis, 5432) and not opens(web, storage, 7402)
    assert not opens(worker, storage, 7411)
    for verb in ("stop", "start"):
        storage.output(f"systemctl {verb} pagewright.target")
        wait_for(lambda verb=verb: opens(worker, storage, 7401) is (verb == "start"), f"the {verb}")


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
    assert refused.status == 503 and b"does not show it yet" in refused.body
    (behind,) = (host for host in owner.call("GET", "/status")["web_hosts"] if host["behind"])
    assert behind["address"].startswith(f"{second.address}:")
    assert behind["behind"][0]["should_show"] == version
    wait_for(lambda: monitoring.answering(watch)["deployer", "web2"] == [False], "Prometheus gets no answer")
    second.output("systemctl start pagewright-deployer")
    wait_for(lambda: b"Not everywhere yet" in owner.at(second).site(SITE), "it has caught up")
    assert "pagewright_sites_behind" in controller.perform("Which host is behind?")[0]
    told = controller.perform("Who published this version?")[0]
    assert f"shall show version {version}, by {ADMIN_EMAIL}" in told


def test_a_worker_host_that_loses_its_power_costs_no_job(fleet: Installation, owner: Visitor) -> None:
    """I3: another one takes the job over when the lease has run out, and the metrics say so."""
    first, second = fleet.group("workers")
    second.output("systemctl stop pagewright-worker@1 pagewright-worker@2")
    (model,) = fleet.group("model")
    with ExitStack() as outage:
        with standing_still(model, "pagewright-model"):
            job = edit(owner, SITE, "Done by the other")
            wait_for(lambda: owner.call("GET", f"/jobs/{job['id']}")["state"] == "running", "the job runs")
            outage.enter_context(without_power(first))
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


def test_all_come_back_when_all_lose_their_power(fleet: Installation, owner: Visitor, florist: Visitor) -> None:
    """I3: every site is served as before, and the edit that was under way gets done."""
    before = pages(owner, SHOWN)
    job = edit(owner, SITE, "After the night")
    wait_for(lambda: owner.call("GET", f"/jobs/{job['id']}")["state"] == "running", "the job runs")
    with without_power(*fleet.machines.values()):
        pass
    assert pages(owner, SHOWN) == before
    assert owner.finished(job)["version"]
    assert [site["name"] for site in florist.call("GET", "/sites")["items"]] == [OTHER_SITE]


def test_upgrade_and_rollback_disturb_nobody(fleet: Installation, owner: Visitor) -> None:
    """Neither visitors nor users, for there are two of each host that they come to; each edit gets done, once."""
    newer = newer_release(fleet.directory)
    first, versions = releases(fleet), versions_of(owner, SITE)
    visits = running_load(lambda: owner.site(SITE), lambda: owner.call("GET", f"/sites/{SITE}"), pause=0.02)
    with visits as visited, running_load(keeps_editing(owner, SITE), pause=1) as edited:
        fleet.roll_out("upgrade.yml", "-e", f"release_bundles={newer}")
        assert all(release.endswith(".newer") for release in releases(fleet).values())
        edited.wait_for_more(1)
        fleet.roll_out("rollback.yml")
        assert releases(fleet) == first
        edited.wait_for_more(1)
    assert visited.faults == edited.faults == []
    made, newest = versions_of(owner, SITE), versions[0] + len(edited.answers)
    assert made == list(range(newest, newest - len(made), -1))
    assert len(visited.answers) > 100
    print(f"upgrade and rollback: visitors and users {visited}, edits {edited}")


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
    fleet: Installation, controller: Controller, owner: Visitor, florist: Visitor, tmp_path: Path
) -> None:
    """All hosts are lost: one new machine gets the same users, sites, versions and slots, and proves every byte."""
    controller.perform("Back up")
    (backup,) = controller.take("backups", tmp_path).iterdir()
    served, known = pages(owner, SHOWN), records([owner, florist], [SITE, OTHER_SITE])
    for machine in fleet.machines.values():
        machine.stop()
    with booted_machine() as machine:
        new = one_machine(machine)
        new.values |= fleet.values
        new.roll_out()
        Controller(new).perform("Restore", {"../backups/20300331T020000Z": str(backup)})
        people = [Visitor([machine], owner.certificate, person.token) for person in (owner, florist)]
        assert records(people, [SITE, OTHER_SITE]) == known
        assert "pagewright-verify.service" not in machine.output("systemctl --failed --no-legend --plain")
        wait_for(lambda: pages(people[0], SHOWN) == served, "the sites are served as before")
        again = people[1]
        publish(again, OTHER_SITE, again.finished(edit(again, OTHER_SITE, "Life goes on"))["version"])
        assert b"Life goes on" in again.site(OTHER_SITE)


def wait_for(holds: Callable[[], bool], what: str) -> None:
    """While hosts come and go they refuse, and are not known."""
    wait_until(holds, what, 90, not_yet=(AssertionError, OSError, KeyError))
