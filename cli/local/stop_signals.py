"""What stops the local run: SIGINT, SIGTERM and SIGHUP, sent to us or to the `make` that started us."""

import os
import re
import signal
from pathlib import Path

_NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop_at_signals() -> None:
    """From now on each of them raises KeyboardInterrupt.

    An ignored SIGHUP stays ignored, because `nohup` asks for that. An ignored SIGINT does not: a shell sets it for
    every program that a script starts in the background.
    """
    for number in _NUMBERS:
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def ignore_signals() -> None:
    """From now on none of them does anything."""
    for number in _NUMBERS:
        signal.signal(number, signal.SIG_IGN)


class Starter:
    """Our parent, if it is `make`. It passes only SIGTERM on to us; after other signals it waits for us to end.

    `make` stops catching a signal once it has begun to handle it: that is how we notice.
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
