"""Inside the sandbox: what is in use by all processes together, which no resource limit of the kernel counts.

The systemd backend has the kernel's own limits for this; there the look merely gives the better message.
"""

import os
from contextlib import suppress

_PAGE = os.sysconf("SC_PAGE_SIZE")


def exceeded(folders: tuple[str, ...], most_files: int, most_memory: int) -> str | None:
    """The limit that is exceeded now: "workspace" (too many files, or /ws full), "memory", or None."""
    usage = [os.statvfs(folder) for folder in folders]
    if sum(one.f_files - one.f_ffree for one in usage) > most_files or usage[0].f_bfree == 0:
        return "workspace"
    if _memory_in_use() > most_memory:
        return "memory"
    return None


def _memory_in_use() -> int:
    """Resident bytes of all processes that no file backs."""
    return sum(_private_memory(name) for name in os.listdir("/proc") if name.isdigit())  # noqa: PTH208


def _private_memory(process: str) -> int:
    with suppress(OSError), open(f"/proc/{process}/statm", "rb") as file:  # noqa: PTH123
        _, resident, shared, *_ = file.read().split()
        return (int(resident) - int(shared)) * _PAGE
    return 0
