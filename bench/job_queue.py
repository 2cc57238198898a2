"""Measures the job queue on a Redis of its own: submits, claims with their finish, and wake-ups.

Run it with `python -m bench.job_queue [JOBS]`; prints one line a measurement.
"""

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from shared.clients.job_queue import JobQueue
from shared.domain.vocabulary import JobKind, JobRequest, JobState, Outcome, new_id
from tests.support.redis_server import RedisServer

_SITES = 50
_WAKE_UPS = 300
_DONE = Outcome(state=JobState.SUCCEEDED, version=1)


def _requests(count: int) -> list[JobRequest]:
    return [
        JobRequest(
            id=new_id(),
            site=f"site-{number % _SITES}",
            kind=JobKind.EDIT,
            message="Make the headline blue.",
            author="anna",
            created_at=datetime.now(UTC),
        )
        for number in range(count)
    ]


async def _submit(queue: JobQueue, requests: Sequence[JobRequest]) -> None:
    for request in requests:
        await queue.submit(request)


async def _drain(queue: JobQueue) -> None:
    while claim := await queue.claim("bench", 30, 0):
        await queue.finish(claim, _DONE)


async def _rate(count: int, work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return count / (time.perf_counter() - began)


async def _throughput(queue: JobQueue, jobs: int, in_flight: int) -> None:
    requests = _requests(jobs)
    shares = [requests[start::in_flight] for start in range(in_flight)]
    submits = await _rate(jobs, lambda: asyncio.gather(*(_submit(queue, share) for share in shares)))
    finishes = await _rate(jobs, lambda: asyncio.gather(*(_drain(queue) for _ in shares)))
    print(f"{in_flight:2} in flight: {submits:8,.0f} submits/s {finishes:8,.0f} claims with finish/s")


async def _wake_ups(queue: JobQueue) -> None:
    """From the submit's start to the claim in the hands of a worker that was waiting."""
    seconds = []
    for request in _requests(_WAKE_UPS):
        waiting = asyncio.create_task(queue.claim("bench", 30, 30))
        await asyncio.sleep(0.005)
        began = time.perf_counter()
        await queue.submit(request)
        claim = await waiting
        seconds.append(time.perf_counter() - began)
        if claim:
            await queue.finish(claim, _DONE)
    p50, p99 = statistics.median(seconds) * 1000, statistics.quantiles(seconds, n=100)[98] * 1000
    print(f"wake-up: p50 {p50:.2f} ms, p99 {p99:.2f} ms")


async def _measure(url: str, jobs: int) -> None:
    async with JobQueue.open(url) as queue:
        await queue.ping()
        for in_flight in (1, 10):
            await _throughput(queue, jobs, in_flight)
        await _wake_ups(queue)


def main() -> None:
    """Measure once and clean up."""
    directory = Path(tempfile.mkdtemp(prefix="pw", dir="/tmp"))
    server = RedisServer(directory)
    try:
        asyncio.run(_measure(server.url, int(sys.argv[1]) if len(sys.argv) > 1 else 5000))
    finally:
        server.kill()
        shutil.rmtree(directory)
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
