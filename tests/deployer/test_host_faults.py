"""A web host whose disk is full or read-only: one site's trouble, told with its reason, harms no other (I5, I11)."""

import json
from pathlib import Path

from shared.domain.vocabulary import Slot
from tests.support.deployer_process import DeployerProcess, Publisher
from tests.support.waiting import wait_until
from tests.support.web_server import WebServer

_PAGE = {"index.html": b"fine"}
_MANY = {f"{n % 9}/{n}.txt": b"a few bytes" for n in range(3000)} | _PAGE


def _see_small_disk(deployer: DeployerProcess, size: int) -> None:
    """Start it with a disk of so many bytes of its own, and look at that through its process."""
    disk = ["--size", str(size), "--tmpfs", str(deployer.root)]
    deployer.launcher = ["bwrap", "--die-with-parent", "--dev-bind", "/", "/", *disk, "--"]
    deployer.start()
    children = Path(f"/proc/{deployer.pid}/task/{deployer.pid}/children")
    wait_until(children.read_text, "bwrap runs it")
    inside = children.read_text().split()[0]
    deployer.root = Path(f"/proc/{inside}/root{deployer.root}")


def _trouble(deployer: DeployerProcess, site: str) -> dict[str, str]:
    try:
        told: dict[str, str] = json.loads((deployer.root / site / "trouble.json").read_bytes())
    except OSError:
        return {}
    return told


def _metric(deployer: DeployerProcess, name: str) -> float:
    lines = deployer.ask_admin("/metrics")[1].splitlines()
    return next((float(line.split()[1]) for line in lines if line.startswith(f"{name} ")), -1)


def test_i11_a_release_of_many_small_files_fails_before_it_fills_the_disk(
    deployer: DeployerProcess, publisher: Publisher
) -> None:
    """Its 33,000 bytes take 12 MiB of blocks."""
    publisher.publish("small", _PAGE)
    _see_small_disk(deployer, 24 << 20)
    deployer.wait_for("small", Slot.CURRENT, 1)
    publisher.publish("many", _MANY)
    wait_until(lambda: _trouble(deployer, "many"), "told")
    assert _trouble(deployer, "many")["reason"] == "Its disk is full."
    assert not list(deployer.root.glob("many/releases/*"))
    assert not list(deployer.root.glob("many/.*"))
    assert _metric(deployer, 'pagewright_releases_total{outcome="failed"}') >= 1
    assert _metric(deployer, "pagewright_sites_behind") == 1
    publisher.publish("small", {"index.html": b"goes on"})
    deployer.wait_for("small", Slot.CURRENT, 2)
    assert _trouble(deployer, "small") == {}


def test_i10_a_switch_that_fails_is_told_with_its_reason(deployer: DeployerProcess, publisher: Publisher) -> None:
    """Somebody mounted a folder over `current`: nothing of it moves, and only that site is behind."""
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    held = deployer.root / "held/current"
    held.mkdir(parents=True)
    deployer.launcher = ["bwrap", "--die-with-parent", "--dev-bind", "/", "/", "--tmpfs", str(held), "--"]
    deployer.start()
    publisher.publish("held", _PAGE)
    publisher.publish("other", _PAGE)
    deployer.wait_for("other", Slot.CURRENT, 1)
    wait_until(lambda: _trouble(deployer, "held"), "told")
    assert _trouble(deployer, "held")["reason"] == "Its disk can't be used (Device or resource busy)."
    wait_until(lambda: _metric(deployer, "pagewright_sites_behind") == 1, "counted")
    deployer.kill()
    deployer.launcher = []
    deployer.start()
    deployer.wait_for("held", Slot.CURRENT, 1)
    wait_until(lambda: not _trouble(deployer, "held"), "it is over")


def test_i5_a_read_only_disk_shows_what_it_showed(
    deployer: DeployerProcess, publisher: Publisher, web_server: WebServer
) -> None:
    """Nothing can be told beside the sites then: the journal and the metric of sites behind say it."""
    deployer.environment["PAGEWRIGHT_DEPLOYER_COMPARE_SECONDS"] = "0.2"
    deployer.start()
    for site in ("bakery", "florist"):
        publisher.publish(site, _PAGE)
        deployer.wait_for(site, Slot.CURRENT, 1)
    deployer.stop()
    root = str(deployer.root)
    deployer.launcher = ["bwrap", "--die-with-parent", "--dev-bind", "/", "/", "--ro-bind", root, root, "--"]
    deployer.start()
    publisher.publish("bakery", {"index.html": b"newer"})
    wait_until(lambda: _metric(deployer, "pagewright_sites_behind") == 1, "counted")
    wait_until(lambda: "Read-only file system" in deployer.log.read_text(), "told")
    assert [web_server.get(site).body for site in ("bakery", "florist")] == [b"fine", b"fine"]
    assert web_server.get("bakery", "/.well-known/pagewright.json").body.startswith(b'{"site":"bakery","version":1')
    deployer.kill()
    deployer.launcher = []
    deployer.start()
    deployer.wait_for("bakery", Slot.CURRENT, 2)
