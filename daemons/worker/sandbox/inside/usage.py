"""Measures inside the sandbox what all processes use together, which no resource limit of the kernel counts.

Under systemd the unit's own limits count it too; there this only gives the better message.
"""

import os
from collections.abc import Mapping
from contextlib import suppress

_PAGE = os.sysconf("SC_PAGE_SIZE")


def exceeded(folders: tuple[str, ...], limits: Mapping[str, int]) -> str | None:
    """The limit that is exceeded now: "workspace" (too many files, or the first folder is full), "memory" or None."""
    usage = [os.statvfs(folder) for folder in folders]
    workspace = usage[0]
    bytes_used = (workspace.f_blocks - workspace.f_bfree) * workspace.f_frsize
    if workspace.f_bfree == 0 or bytes_used > limits["workspace_bytes"]:
        return "workspace"
    if sum(one.f_files - one.f_ffree for one in usage) > limits["workspace_files"]:
        return "workspace"
    if _memory_in_use() > limits["memory_bytes"]:
        return "memory"
    return None


def _memory_in_use() -> int:
    """The resident memory of all processes, in bytes, without what files back."""
    return sum(_private_memory(name) for name in os.listdir("/proc") if name.isdigit())  # noqa: PTH208


def _private_memory(process: str) -> int:
    with suppress(OSError), open(f"/proc/{process}/statm", "rb") as file:  # noqa: PTH123
        _, resident, shared, *_ = file.read().split()
        return (int(resident) - int(shared)) * _PAGE
    return 0
