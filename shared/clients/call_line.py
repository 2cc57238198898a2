"""Lets a few calls to a part of the system through at a time; the others wait in line, and a long line takes no more.

Without it each request of a crowd opens a connection of its own, and what nobody waits for any more is still asked.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.domain.errors import Busy


class CallLine:
    """The calls to one part: so many `at_once`, and so many `waiting` at most."""

    def __init__(self, part: str, at_once: int, waiting: int) -> None:
        self._part = part
        self._turns = asyncio.Semaphore(at_once)
        self._room = waiting

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Around a call. Who is cancelled while waiting leaves the line; raises Busy if the line is full."""
        if self._room <= 0 and self._turns.locked():
            raise busy(self._part)
        self._room -= 1
        try:
            await self._turns.acquire()
        finally:
            self._room += 1
        try:
            yield
        finally:
            self._turns.release()


def busy(part: str) -> Busy:
    """That so many ask that this call was not made."""
    return Busy(f"Too many requests wait for {part}.", "Try again in a few seconds.")
