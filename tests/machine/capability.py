"""Can machines be booted here? Tried, not guessed: an overlay, a container on it, a bridge.

`python3 -m tests.machine.capability` says why not, and fails then; it needs nothing but Python itself.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.machine.layers import CACHE, locked_cache, overlay

_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
# What a machine is made, booted and reached with, by Debian package; bin/setup-machines installs them.
_PROGRAMS = {
    "debootstrap": "debootstrap",
    "systemd-nspawn": "systemd-container",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "ip": "iproute2",
}


@cache
def why_no_machine_boots() -> str | None:
    """A sentence for whoever reads the skipped tests; None if machines can be booted."""
    if os.geteuid():
        return "booting a machine needs root"
    missing = sorted({package for program, package in _PROGRAMS.items() if not shutil.which(program, path=_PATH)})
    if missing:
        return f"booting a machine needs the Debian packages {' '.join(missing)}; run bin/setup-machines"
    try:
        _try()
    except (OSError, AssertionError) as error:
        return f"no machine can be booted here, which may be a container itself: {error}"
    return None


def _try() -> None:
    """Run `true` in a container whose root is this machine's own below an overlay, on a bridge.

    One after the other: systemd-nspawn locks the root.
    """
    bridge = f"pwtry{os.getpid()}"
    options = ["--quiet", "--register=no", "--keep-unit", "--pipe", f"--network-bridge={bridge}", "--resolv-conf=off"]
    with locked_cache(), TemporaryDirectory(prefix="try-", dir=CACHE) as directory:
        _run("ip", "link", "add", bridge, "type", "bridge")
        try:
            with overlay([Path("/")], Path(directory)) as root:
                _run("systemd-nspawn", *options, f"--directory={root}", "true")
        finally:
            _run("ip", "link", "delete", bridge)


def _run(*command: str) -> None:
    done = subprocess.run(command, env={"PATH": _PATH}, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{command[0]}: {done.stderr.strip()[-300:]}"


if __name__ == "__main__":
    REASON = why_no_machine_boots()
    if REASON:
        sys.exit(REASON)
