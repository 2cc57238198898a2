"""A job can be cancelled whether the queue knows it or has forgotten it."""

import asyncio

from daemons.api.jobs.cancellation import cancel_in_queue
from shared.clients.job_queue import JobQueue
from shared.domain.vocabulary import JobState
from tests.api.small_database import edit
from tests.support.redis_server import RedisServer


def test_it_ends_at_once_unless_a_worker_has_it(redis_server: RedisServer) -> None:
    async def run() -> None:
        async with JobQueue.open(redis_server.url) as queue:
            forgotten, queued, begun = (edit(site=name) for name in ("a", "b", "c"))
            assert await cancel_in_queue(queue, forgotten) is JobState.CANCELLED
            await queue.submit(queued)
            assert await cancel_in_queue(queue, queued) is JobState.CANCELLED
            await queue.submit(begun)
            assert await queue.claim("worker", 30, 0)
            assert await cancel_in_queue(queue, begun) is JobState.RUNNING

    asyncio.run(run())
