"""The one way to wait for a part of PageWright that is being restarted: try again, until a deadline."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.domain.errors import Unavailable

T = TypeVar("T")
_LONGEST_SECONDS = 45.0


async def retry(attempt: Callable[[], Awaitable[T]]) -> T:
    """The result of `attempt`, which may be repeated without harm, tried again while its target is away."""
    loop = asyncio.get_running_loop()
    deadline, pause = loop.time() + _LONGEST_SECONDS, 0.05
    while True:
        try:
            return await attempt()
        except Unavailable:
            if loop.time() + pause > deadline:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, 2.0)
