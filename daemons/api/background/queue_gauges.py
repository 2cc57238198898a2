"""Measures the queue for whoever watches: the api does it when it is scraped, for workers are busy or gone."""

import asyncio
import logging
import math

from shared.clients.job_queue import JobQueue, QueueDepth
from shared.domain.errors import Unavailable
from shared.runtime import metrics

_log = logging.getLogger(__name__)
_ANSWER_SECONDS = 3.0  # less than a scrape may take


async def measure_queue(queue: JobQueue) -> None:
    """Set the metrics of the queue; while Redis is away the gauges are not a number, for old ones would lie."""
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            depth = await queue.depth()
    except (Unavailable, TimeoutError):
        _log.warning("the queue can't be measured: Redis is away")
        depth = None
    metrics.QUEUE_UP.set(depth is not None)
    _set(depth)


def _set(depth: QueueDepth | None) -> None:
    metrics.QUEUE_JOBS.labels("queued").set(depth.queued if depth else math.nan)
    metrics.QUEUE_JOBS.labels("running").set(depth.running if depth else math.nan)
    metrics.QUEUE_OLDEST_SECONDS.set(depth.oldest_seconds if depth else math.nan)
    if depth:
        metrics.JOBS_GIVEN_UP.set(depth.dead)
        metrics.LEASE_EXPIRIES.set(depth.expired)
