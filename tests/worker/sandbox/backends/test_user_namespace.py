"""Root's user namespace: a waiter that stands still costs seconds, not the worker."""

import time
from pathlib import Path

import pytest

from daemons.worker.sandbox.backends.user_namespace import open_user_namespace
from daemons.worker.sandbox.jail import SandboxUnavailable


def _open_fds() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_waiter_that_never_speaks_is_given_up() -> None:
    """I8: such as one that somebody has stopped; it is killed, and no descriptor stays open."""
    before, began = _open_fds(), time.monotonic()
    with pytest.raises(SandboxUnavailable, match="user namespace"):
        open_user_namespace(("/bin/sleep", "60"), seconds=0.1)
    assert time.monotonic() - began < 30
    assert _open_fds() == before
