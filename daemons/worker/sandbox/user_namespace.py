"""A user namespace made by root in which the sandbox's user is a number of its own, not root under another name.

bubblewrap can only map the user that starts it. Root in a container without CAP_NET_ADMIN needs a user namespace too,
because only the owner of a network namespace may bring its loopback up.
"""

import os
import subprocess
from pathlib import Path

from daemons.worker.sandbox.jail import SandboxUnavailable

_SECONDS = 10.0
# Says when it is inside, and stays until stdin ends.
_WAITER = ("/usr/bin/unshare", "--user", "--", "/bin/sh", "-c", "echo && read -r _")


def open_user_namespace(number: int) -> int:
    """An open user namespace with two users: root, and `number` as itself. Raises SandboxUnavailable."""
    with subprocess.Popen(
        _WAITER, env={}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as waiter:
        assert waiter.stdout
        try:
            if not waiter.stdout.readline():
                raise SandboxUnavailable(
                    "The sandbox can't make a user namespace.", "See `sysctl user.max_user_namespaces`."
                )
            return _map_users(Path(f"/proc/{waiter.pid}"), number)
        except OSError as error:
            raise SandboxUnavailable("The sandbox can't set up its user namespace.", reason=str(error)) from None
        finally:
            waiter.kill()


def _map_users(process: Path, number: int) -> int:
    for kind in ("uid_map", "gid_map"):
        (process / kind).write_text(f"0 0 1\n{number} {number} 1\n", encoding="ascii")
    return os.open(process / "ns/user", os.O_RDONLY | os.O_CLOEXEC)
