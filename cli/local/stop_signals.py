"""What stops the local run: SIGINT, SIGTERM and SIGHUP, sent to us or to the `make` that started us."""

import os
import re
import signal
from pathlib import Path

_NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop_at_signals() -> None:
    """From now on each of them raises KeyboardInterrupt.

    A shell makes what a script starts in the background ignore SIGINT, and `nohup` SIGHUP: only the latter is a wish.
    """
    for number in _NUMBERS:
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def ignore_signals() -> None:
    """From now on none of them does anything."""
    for number in _NUMBERS:
        signal.signal(number, signal.SIG_IGN)


class Starter:
    """The `make` above us, if it is one. It passes only SIGTERM on; at others it waits for us, who never heard of them.

    What it has not handled yet it catches, and it stops catching what it has begun to handle: that is how we notice.
    """

    def __init__(self) -> None:
        self._pid = os.getppid()
        self._is_make = _status(self._pid, "Name") in ("make", "gmake")
        self._catches = _caught(self._pid)

    def wants_an_end(self) -> bool:
        """Whether make was told to end, or was killed."""
        return self._is_make and (os.getppid() != self._pid or _caught(self._pid) != self._catches)


def _caught(pid: int) -> set[signal.Signals]:
    mask = int(_status(pid, "SigCgt") or "0", 16)
    return {number for number in _NUMBERS if mask & 1 << number - 1}


def _status(pid: int, name: str) -> str | None:
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    found = re.search(rf"^{name}:\t(.*)$", text, re.MULTILINE)
    return found[1] if found else None
