"""The queue's gauges: numbers while Redis answers, and no numbers, rather than old ones, while it does not."""

import asyncio
import math

from prometheus_client import REGISTRY

from daemons.api.background.queue_gauges import measure_queue
from shared.clients.job_queue import JobQueue
from tests.api.small_database import edit


def gauge(name: str, **labels: str) -> float:
    value = REGISTRY.get_sample_value(f"pagewright_{name}", labels)
    assert value is not None
    return value


def test_what_can_not_be_measured_is_not_a_number(redis_url: str) -> None:
    async def run() -> None:
        async with JobQueue.open(redis_url) as queue, JobQueue.open("redis://127.0.0.1:1", restart_seconds=0) as away:
            await queue.submit(edit())
            await queue.submit(edit())
            await queue.claim("worker-1", 30.0, 0)
            await measure_queue(queue)
            assert [gauge("queue_jobs", state=state) for state in ("queued", "running")] == [1, 1]
            assert (gauge("queue_up"), gauge("jobs_given_up_total"), gauge("lease_expiries_total")) == (1, 0, 0)
            await measure_queue(away)
            assert gauge("queue_up") == 0
            assert math.isnan(gauge("queue_jobs", state="queued"))
            assert math.isnan(gauge("queue_oldest_age_seconds"))
            assert gauge("jobs_given_up_total") == 0, "a counter stays what it was"

    asyncio.run(run())
