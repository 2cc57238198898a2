"""Makes a user namespace as root in which all users keep their numbers, so that the sandbox can have its own user.

bubblewrap itself can map only the user that starts it. Root in a container without CAP_NET_ADMIN needs a user namespace
too, because only the owner of a network namespace may bring its loopback up. It maps all users, because root may read
files of mapped users only, and programs may lie in somebody's private folder.
"""

import os
import select
import subprocess
from collections.abc import Sequence
from pathlib import Path

from daemons.worker.sandbox.jail import SandboxUnavailable

_SECONDS = 5.0  # well below the lease, which is not renewed meanwhile
# Writes a line once it is in the namespace, and stays there until stdin ends.
_WAITER = ("/usr/bin/unshare", "--user", "--", "/bin/sh", "-c", "echo && read -r _")


def open_user_namespace(waiter_command: Sequence[str] = _WAITER, seconds: float = _SECONDS) -> int:
    """An open user namespace with the same users as this process's own. Raises SandboxUnavailable."""
    with subprocess.Popen(
        waiter_command, env={}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as waiter:
        assert waiter.stdout
        try:
            if not _has_started(waiter.stdout.fileno(), seconds):
                raise SandboxUnavailable(
                    "The sandbox can't make a user namespace.", "See `sysctl user.max_user_namespaces`."
                )
            return _map_users(Path(f"/proc/{waiter.pid}"))
        except OSError as error:
            raise SandboxUnavailable("The sandbox can't set up its user namespace.", reason=str(error)) from None
        finally:
            waiter.kill()


def _has_started(stdout: int, seconds: float) -> bool:
    """Whether the waiter reports that it is in the namespace; this blocks the worker's event loop meanwhile."""
    poll = select.poll()
    poll.register(stdout, select.POLLIN)
    return bool(poll.poll(seconds * 1000)) and bool(os.read(stdout, 1))


def _map_users(process: Path) -> int:
    for kind in ("uid_map", "gid_map"):
        ranges = [line.split() for line in Path("/proc/self", kind).read_text().splitlines()]
        same = "".join(f"{first} {first} {count}\n" for first, _, count in ranges)
        (process / kind).write_text(same, encoding="ascii")
    return os.open(process / "ns/user", os.O_RDONLY | os.O_CLOEXEC)
