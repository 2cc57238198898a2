"""What happens to hosts of a fleet, and whether they reach each other."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.machine.booted_machine import Machine


@contextmanager
def without_power(*hosts: Machine) -> Iterator[None]:
    """Hosts that lose their power all at once, and are booted again in the end.

    The network goes first: a container's processes die one after the other, and must not tell of it.
    """
    for host in hosts:
        host.run("systemd-run --quiet --no-block sh -c 'sleep 0.3; exec ip link set host0 down'")
    time.sleep(0.6)
    for host in hosts:
        host.stop()
    try:
        yield
    finally:
        boot(hosts)


def boot(hosts: Sequence[Machine]) -> None:
    """Switch them all on, and wait until they can be used."""
    for host in hosts:
        host.start()
    for host in hosts:
        host.wait_until_booted()


@contextmanager
def standing_still(host: Machine, unit: str) -> Iterator[None]:
    """A daemon that answers nobody until the block ends; the sockets where it listens take whoever comes."""
    host.output(f"systemctl kill --signal=STOP {unit}")
    try:
        yield
    finally:
        host.output(f"systemctl kill --signal=CONT {unit}")


def opens(host: Machine, other: Machine, port: int) -> bool:
    """Whether one host gets a connection to another's port."""
    program = f"import socket; socket.create_connection(('{other.address}', {port}), 2)"
    return host.run(f'python3 -c "{program}"').returncode == 0
