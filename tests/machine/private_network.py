"""A private network for the machines of one test run: a bridge that leads nowhere else, and a folder of their files."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.machine.layers import CACHE, clear_away, lock_if_free, locked_cache
from tests.machine.machine_cgroups import remove_groups


@dataclass(frozen=True)
class PrivateNetwork:
    """198.18.N.0/24, from the addresses that are set aside for tests; ours ends with 1."""

    number: int

    @property
    def directory(self) -> Path:
        return CACHE / f"run-{self.number}"

    @property
    def bridge(self) -> str:
        return f"pw{self.number}"

    def address(self, host: int) -> str:
        return f"198.18.{self.number}.{host}"


@contextmanager
def private_network() -> Iterator[PrivateNetwork]:
    """One that nobody else here uses; it is gone afterwards, and so is what a killed run has left."""
    with locked_cache():
        _clear_away_what_was_killed()
        network = next(network for network in map(PrivateNetwork, range(1, 250)) if _take(network))
        network.directory.mkdir(mode=0o755)
        lock = lock_if_free(network.directory)
        assert lock is not None
    try:
        _ip("address", "add", f"{network.address(1)}/24", "dev", network.bridge)
        _ip("link", "set", network.bridge, "up")
        yield network
    finally:
        _remove(network)
        os.close(lock)


def _take(network: PrivateNetwork) -> bool:
    """Whether it is ours now: its bridge could be made, although a run with another cache may want it just then."""
    if network.directory.exists() or network.address(1).rpartition(".")[0] + "." in _ip("-4", "address"):
        return False
    with suppress(subprocess.CalledProcessError):
        _ip("link", "add", network.bridge, "type", "bridge")
        return True
    return False


def _clear_away_what_was_killed() -> None:
    for directory in CACHE.glob("run-*"):
        lock = lock_if_free(directory)
        if lock is not None:
            _remove(PrivateNetwork(int(directory.name.removeprefix("run-"))))
            os.close(lock)


def _remove(network: PrivateNetwork) -> None:
    remove_groups(network.bridge)
    _remove_links(network)
    clear_away(network.directory)


def _remove_links(network: PrivateNetwork) -> None:
    """The bridge and its links; the kernel takes those of a dead machine away when it finds the time for it."""
    bridge = Path(f"/sys/class/net/{network.bridge}")
    for link in bridge.glob("brif/*"):
        with suppress(subprocess.CalledProcessError):
            _ip("link", "delete", link.name)
    if bridge.exists():
        _ip("link", "delete", network.bridge)


def _ip(*arguments: str) -> str:
    done = subprocess.run(["/usr/sbin/ip", *arguments], env={}, check=True, capture_output=True, text=True, timeout=10)
    return done.stdout
