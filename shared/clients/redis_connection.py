"""A connection to Redis that outlives its restarts, and its errors as ours: the only user of redis-py."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as NoAnswer

from shared.clients.retry import retry
from shared.clients.slow_calls import SlowCalls
from shared.domain.errors import Unavailable

__all__ = ["LONGEST_BLOCK_SECONDS", "Redis", "open_redis", "reached"]

_log = logging.getLogger(__name__)
T = TypeVar("T")

# A blocking read is cut into pieces: a dead connection shows within one, and so does a wake-up that got lost.
LONGEST_BLOCK_SECONDS = 5.0
_ANSWER_SECONDS = 2 * LONGEST_BLOCK_SECONDS
_slow_calls = SlowCalls("Redis", LONGEST_BLOCK_SECONDS + 3)
# Each blocking read takes a connection: one for every worker's wait and every person who watches a job.
_MOST_CONNECTIONS = 5000


def open_redis(url: str) -> "Redis":
    """A client for Redis at an URL; connects when it is first used, and again whenever it must."""
    return Redis.from_url(
        url,
        decode_responses=True,
        protocol=2,
        retry=Retry(NoBackoff(), retries=0),
        socket_timeout=_ANSWER_SECONDS,
        socket_connect_timeout=2,
        max_connections=_MOST_CONNECTIONS,
    )


async def reached(ask: Callable[[], Awaitable[T]], restart_seconds: float) -> T:
    """What Redis answers, asked again while it restarts. Raises Unavailable.

    A cancellation meanwhile is never lost: the library's `asyncio.wait_for` may swallow one.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task else 0
    try:
        with _slow_calls.watching():
            return await retry(ask, seconds=restart_seconds, after=(NoConnection, NoAnswer))
    except RedisError as error:
        _log.warning("Redis: %s: %s", type(error).__name__, error)
        raise Unavailable("The job queue can't be reached.", "Try again in a moment.") from error
    finally:
        if task and task.cancelling() > before:
            raise asyncio.CancelledError
