"""Tells the journal that a part of the system is waited for: once per outage, and when it answers again."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

_log = logging.getLogger(__name__)


class SlowCalls:
    """Watches the calls to one part; a call that takes longer than `seconds` is worth a line."""

    def __init__(self, part: str, seconds: float) -> None:
        self._part = part
        self._seconds = seconds
        self._told = False

    @contextmanager
    def watching(self, expected: float = 0) -> Iterator[None]:
        """Around a call, which may take `expected` seconds longer than others."""
        alarm = asyncio.get_running_loop().call_later(self._seconds + expected, self._tell, self._seconds + expected)
        try:
            yield
        finally:
            alarm.cancel()
        if self._told:
            self._told = False
            _log.info("%s answers again", self._part)

    def _tell(self, seconds: float) -> None:
        if not self._told:
            self._told = True
            _log.warning("%s has not answered for %.0f seconds; it is waited for", self._part, seconds)
