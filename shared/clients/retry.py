"""The one policy for trying again while a part of PageWright is being restarted.

The outermost `retry` owns the deadline: every `retry` inside it tries once, so that waits never multiply. A loop that
waits for a state, or that runs as long as its daemon does, is no retry; its docstring says so.
"""

import asyncio
import math
import random
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import TypeVar

from shared.domain.errors import Unavailable

RESTART_SECONDS = 4.0  # how long a client waits by itself: enough for a daemon or Redis to restart
_OUTAGE_SECONDS = 45.0  # what the work in a job is worth
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0
T = TypeVar("T")
_has_owner: ContextVar[bool] = ContextVar("has_owner", default=False)


async def retry(
    attempt: Callable[[], Awaitable[T]],
    *,
    seconds: float = _OUTAGE_SECONDS,
    after: type[Exception] | tuple[type[Exception], ...] = Unavailable,
    longest_pause: float = _LONGEST_PAUSE,
) -> T:
    """The result of `attempt`, which may be repeated without harm, tried again `after` such errors.

    No attempt begins later than `seconds` after the first failure; one that has begun ends by its own limits.
    """
    if _has_owner.get():
        return await attempt()
    token = _has_owner.set(True)
    try:
        return await _repeat(attempt, seconds, after, longest_pause)
    finally:
        _has_owner.reset(token)


async def _repeat(
    attempt: Callable[[], Awaitable[T]],
    seconds: float,
    after: type[Exception] | tuple[type[Exception], ...],
    longest_pause: float,
) -> T:
    """Pauses grow, and differ by chance: many that miss the same part must not come back in step."""
    pause, deadline = _FIRST_PAUSE, math.inf
    while True:
        wait = pause * random.uniform(0.5, 1)  # noqa: S311  # spreads callers, guards nothing
        try:
            return await attempt()
        except after:
            deadline = min(deadline, time.monotonic() + seconds)
            if time.monotonic() + wait > deadline:
                raise
        await asyncio.sleep(wait)
        pause = min(pause * 2, longest_pause)
