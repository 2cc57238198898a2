"""What the hosts of an inventory know of one another: ports, callers, secrets, releases, and what is missing."""

from runpy import run_path
from typing import Any

import pytest
import yaml

from tests.test_linters import ROOT

_PLUGINS = ROOT / "ansible/filter_plugins"
_FLEET = run_path(str(_PLUGINS / "fleet.py"))
fleet, fleet_problems = _FLEET["fleet"], _FLEET["fleet_problems"]
fleet_secrets = run_path(str(_PLUGINS / "fleet_secrets.py"))["fleet_secrets"]
rollback_goal = run_path(str(_PLUGINS / "rollback_goal.py"))["rollback_goal"]

Groups = dict[str, list[str]]
ONE: Groups = {name: ["a"] for name in ("redis", "storage", "model", "workers", "web", "api")}
MANY: Groups = {
    "redis": ["r"], "database": ["r"], "storage": ["s"], "model": ["s"], "workers": ["w1", "w2"], "web": ["v1", "v2"],
    "api": ["a1", "a2"], "monitoring": ["m"],
}  # fmt: skip
ADDRESSES = {host: f"10.0.0.{number}" for number, host in enumerate(sorted({h for g in MANY.values() for h in g}), 1)}


def of(groups: Groups, host: str) -> dict[str, Any]:
    addresses = ADDRESSES if groups is MANY else {"a": "127.0.0.1"}
    view: dict[str, Any] = fleet(groups, host, addresses)
    return view


def example(name: str) -> tuple[Groups, dict[str, str]]:
    """Groups and addresses of one of the inventories that come with the project."""
    [(_, top)] = yaml.safe_load((ROOT / f"ansible/inventories/{name}/hosts.yml").read_text(encoding="utf-8")).items()
    groups = {group: list(value["hosts"]) for group, value in top["children"].items()}
    addresses = {host: (value or {}).get("pagewright_address", "127.0.0.1") for host, value in top["hosts"].items()}
    return groups, addresses


def test_one_machine_has_no_ports_and_no_network() -> None:
    """I7: everything meets on UNIX sockets."""
    alone = of(ONE, "a")
    assert (alone["listens"], alone["firewall"], alone["monitors"]) == ({}, [], [])
    assert not any(alone["peers"].values())
    assert alone["at"]["storage"] == ["unix:/run/pagewright/storage/storage.sock"]
    assert alone["roles"] == ["redis", "storage", "model", "worker", "deployer", "web", "api"]


def test_a_service_is_reached_where_it_is() -> None:
    assert of(MANY, "w1")["at"]["storage"] == [f"{ADDRESSES['s']}:7401"]
    assert of(MANY, "a1")["at"]["sites"] == [f"{ADDRESSES['v1']}:7480", f"{ADDRESSES['v2']}:7480"]
    assert of(MANY, "v1")["at"]["api"] == [f"{ADDRESSES['a1']}:7400", f"{ADDRESSES['a2']}:7400"]


@pytest.mark.parametrize("host", ADDRESSES)
def test_a_port_is_open_to_its_callers_alone(host: str) -> None:
    """Whoever a unit may call has opened that port to it, and nobody has opened one that nobody calls."""
    mine = of(MANY, host)
    for opened in mine["firewall"]:
        assert opened["to"] and ADDRESSES[host] not in opened["to"]
    callers = {address for callers in mine["listens"].values() for address in callers}
    for other, address in ADDRESSES.items():
        calls_me = any(ADDRESSES[host] in peers for peers in of(MANY, other)["peers"].values())
        asks_api = "web" in {group for group, hosts in MANY.items() if other in hosts} and host in MANY["api"]
        assert (address in callers) == (other != host and (calls_me or asks_api)), other


def test_prometheus_may_ask_every_host() -> None:
    for host in ADDRESSES:
        admin = [opened for opened in of(MANY, host)["firewall"] if "-" in opened["ports"]]
        assert [opened["to"] for opened in admin] == ([] if host == "m" else [[ADDRESSES["m"]]])


def test_a_secret_is_made_once_and_read_by_those_who_use_it() -> None:
    """I7: no host holds a secret of another's daemons."""
    plans = {host: fleet_secrets(MANY, host) for host in ADDRESSES}
    makers = [name for plan in plans.values() for name in plan["made"]]
    assert sorted(makers) == sorted(set(makers))
    for host, plan in plans.items():
        assert all(name in plans[home]["made"] for name, home in plan["read"].items()), host
    assert plans["w1"]["here"] == [
        "storage_worker_token", "model_ticket_key", "redis_password", "worker_signing_key", "redis_url"
    ]  # fmt: skip
    assert plans["v1"]["here"] == ["storage_deployer_token"]
    assert plans["m"]["here"] == []


@pytest.mark.parametrize("name", ["one-machine", "many-machines"])
def test_the_inventories_that_come_with_it_can_work(name: str) -> None:
    assert fleet_problems(*example(name)) == []


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        ({"storage": []}, "storage"),
        ({"redis": ["r", "s"]}, "redis"),
        ({"web": []}, "web"),
        ({"database": []}, "PostgreSQL"),
        ({"database": ["r", "s"]}, "one host only"),
    ],
)
def test_an_inventory_that_lacks_something_is_refused(broken: Groups, word: str) -> None:
    (problem,) = fleet_problems(MANY | broken, ADDRESSES)
    assert word in problem


def test_no_two_hosts_have_one_address() -> None:
    (problem,) = fleet_problems(MANY, ADDRESSES | {"s": ADDRESSES["r"]})
    assert ADDRESSES["r"] in problem


@pytest.mark.parametrize("address", ["127.0.0.1", "storage.example.org", "fd00::31", ""])
def test_hosts_must_be_able_to_reach_one_another(address: str) -> None:
    (problem,) = fleet_problems(MANY, ADDRESSES | {"s": address})
    assert "pagewright_address" in problem and "`s`" in problem


@pytest.mark.parametrize(
    ("links", "goals"),
    [
        pytest.param({"a": ("2", "1"), "b": ("2", "1")}, {"a": "1", "b": "1"}, id="all were upgraded"),
        pytest.param({"a": ("2", "1"), "b": ("1", "0"), "c": ("1", "")}, {"a": "1", "b": "1", "c": "1"}, id="one was"),
        pytest.param({"a": ("2", "1"), "b": ("1", "1")}, {"a": "1", "b": "1"}, id="one is back"),
        pytest.param({"a": ("1", "1"), "b": ("1", "1")}, {"a": "1", "b": "1"}, id="all are back"),
        pytest.param({"a": ("3", "1"), "b": ("3", "2")}, {"a": "1", "b": "2"}, id="they came from different ones"),
        pytest.param({"a": ("2", "1"), "b": ("2", "")}, {"a": "1", "b": ""}, id="one is new"),
        pytest.param({"a": ("1", "")}, {"a": ""}, id="nothing was before"),
    ],
)
def test_a_rollback_goes_to_what_was_before_the_upgrade(
    links: dict[str, tuple[str, str]], goals: dict[str, str]
) -> None:
    """Also where an upgrade stopped half way, or a rollback is run once more."""
    assert {host: rollback_goal(links, host) for host in links} == goals
