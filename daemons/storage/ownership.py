"""Lets one process at a time write a storage directory, and no daemon while a restore is half done."""

import fcntl
import os
from pathlib import Path

from shared.domain.errors import Conflict

# Where a restore copies to. A directory that has no sites but these is between its old and its new contents.
RESTORING = "restoring"


def own(root: Path) -> int:
    """Lock the directory until the descriptor is closed; raises Conflict if another process has it."""
    descriptor = os.open(root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise Conflict(f"Another storage process uses {root}.", "Stop it first.") from None
    return descriptor


def check_restored(root: Path) -> None:
    """Raises Conflict if a restore has moved the old sites away and not put the new ones in place."""
    if (root / RESTORING / "sites").exists() and not (root / "sites").exists():
        raise Conflict(
            f"A restore into {root} was not finished.",
            f"Run it again; to begin without any site instead, remove {root / RESTORING}.",
        )
