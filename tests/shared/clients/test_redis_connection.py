"""What Redis answers, or that it can't be reached; a cancellation is never lost on the way."""

import asyncio

import pytest

from shared.clients.redis_connection import open_redis, reached
from shared.domain.errors import Unavailable


def test_an_answer_is_told_and_an_error_of_redis_is_ours(redis_url: str) -> None:
    async def run() -> None:
        redis = open_redis(redis_url)
        assert await reached(redis.ping, 0) is True
        await redis.set("text", "x")
        with pytest.raises(Unavailable, match="job queue can't be reached"):
            await reached(lambda: redis.incr("text"), 0)
        await redis.aclose()

    asyncio.run(run())


def test_a_redis_that_is_away_is_told_in_time() -> None:
    async def run() -> None:
        redis = open_redis("redis://127.0.0.1:1")
        with pytest.raises(Unavailable):
            await asyncio.wait_for(reached(redis.ping, 0.1), 5)
        await redis.aclose()

    asyncio.run(run())


def test_a_cancellation_that_was_swallowed_is_raised_again() -> None:
    """As the library's `asyncio.wait_for` may do."""

    async def swallow() -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return "answered all the same"
        return ""

    async def run() -> None:
        task = asyncio.create_task(reached(swallow, 0))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
