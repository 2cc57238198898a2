"""A control group for each machine: in one group, two systemds would take each other's processes for theirs.

Where this machine runs systemd, systemd-nspawn asks it for a scope. Where it does not, the groups are made here.
"""

from collections.abc import Iterator
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


def remove_groups(pattern: str) -> None:
    """Remove the groups of machines that have ended; systemd removes its own."""
    for top in _groups(""):
        for group in top.glob(pattern):
            for path in sorted(group.rglob("*/"), reverse=True):
                path.rmdir()
            group.rmdir()


def _groups(name: str) -> Iterator[Path]:
    """Where systemd keeps track of processes: the one hierarchy of version 2, and beside it its own of version 1."""
    for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
        _, place, kind, options, *_ = line.split()
        if kind == "cgroup2" or (kind == "cgroup" and "name=systemd" in options.split(",")):
            yield Path(place) / name
