"""A control group for each machine: in one group, two systemds would take each other's processes for theirs.

Where this machine runs systemd, systemd-nspawn asks it for a scope. Where it does not, the groups are made here.
"""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

# Enters the groups before "--", then becomes the program that follows.
_ENTER = 'while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs"; shift; done; shift; exec "$@"'


def group_entrance(name: str) -> list[str]:
    """What a command starts with to run in a group of its own; nothing where systemd gives it one."""
    if Path("/run/systemd/system").exists():
        return []
    groups = list(_groups(name))
    for group in groups:
        group.mkdir(exist_ok=True)
    return ["/bin/sh", "-c", _ENTER, "sh", *map(str, groups), "--"]


def remove_groups(network: str) -> None:
    """End what still runs on a network's machines, as it does when systemd-nspawn was killed, and remove the groups."""
    deadline = time.monotonic() + 10
    while running := machine_processes(network):
        assert time.monotonic() < deadline, f"these processes of {network} do not end: {running}"
        for process in running:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.05)
    for top in _groups(""):
        for group in top.glob(f"{network}-*"):
            for path in (*sorted(group.rglob("*/"), reverse=True), group):
                path.rmdir()


def machine_processes(network: str) -> list[int]:
    """All in groups that are named after a network's machines, by us or by systemd, which writes a dash as \\x2d."""
    name = re.compile(rf"/(machine-)?{network}(-|\\x2d)")
    return [int(file.parent.name) for file in Path("/proc").glob("[0-9]*/cgroup") if name.search(_text(file))]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:  # the process has ended
        return ""


def _groups(name: str) -> Iterator[Path]:
    """Where systemd keeps track of processes: the one hierarchy of version 2, and beside it its own of version 1."""
    for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
        _, place, kind, options, *_ = line.split()
        if kind == "cgroup2" or (kind == "cgroup" and "name=systemd" in options.split(",")):
            yield Path(place) / name
