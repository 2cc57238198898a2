"""A web host whose disk is full or read-only: one site's trouble, told with its reason, harms no other (I5, I11)."""

import json
from pathlib import Path

from shared.vocabulary import Slot
from tests.support.deployer_process import DeployerProcess, Publisher
from tests.support.waiting import wait_until

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
