"""The queue under real worker processes, kills and restarts of Redis (I2, I3)."""

import asyncio
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.clients.job_queue import JobQueue, Renewal
from shared.domain.errors import Unavailable
from shared.domain.vocabulary import JobState, Outcome
from tests.shared.clients.test_job_queue import make_request
from tests.support.redis_server import RedisServer

ROOT = Path(__file__).parents[3]
DONE = Outcome(state=JobState.SUCCEEDED, version=1)
StartWorker = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start_worker(redis_url: str, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts worker processes, and ends them with the test; none may have seen an overlap."""
    workers: list[subprocess.Popen[bytes]] = []

    def start(name: str, lease: float, work: float) -> "subprocess.Popen[bytes]":
        program = [
            sys.executable,
            ROOT / "tests/shared/clients/queue_worker.py",
            redis_url,
            tmp_path,
            name,
            str(lease),
            str(work),
        ]
        workers.append(subprocess.Popen(program, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
        worker.wait(10)


async def ended_jobs(queue: JobQueue, count: int) -> Counter[str]:
    """How often each job ended, once that many endings were told; waits 40 s at most."""
    position, ended, deadline = "0", Counter[str](), time.monotonic() + 40
    while ended.total() < count:
        assert time.monotonic() < deadline, f"{ended.total()} of {count} jobs ended"
        for at, job, outcome in await queue.outcomes(position, 1):
            assert outcome.state is JobState.SUCCEEDED
            ended[job] += 1
            position = at
    return ended


def test_i2_two_processes_never_share_a_site(redis_url: str, start_worker: StartWorker) -> None:
    async def play() -> None:
        async with JobQueue.open(redis_url) as queue:
            requests = [make_request(f"site-{number % 15}") for number in range(300)]
            workers = [start_worker(name, 10, 0.001) for name in ("one", "two")]
            for request in requests:
                await queue.submit(request)
            ended = await ended_jobs(queue, len(requests))
            assert ended == Counter(request.id for request in requests)
            assert [worker.poll() for worker in workers] == [None, None]
            depth = await queue.depth()
            assert (depth.queued, depth.running, depth.dead) == (0, 0, 0)

    asyncio.run(play())


def test_i3_the_jobs_of_a_killed_worker_are_done_by_another(
    shared_redis: RedisServer, start_worker: StartWorker
) -> None:
    async def play() -> None:
        async with JobQueue.open(shared_redis.url) as queue:
            victim = start_worker("victim", 60, 60)
            requests = [make_request(f"site-{number % 6}") for number in range(30)]
            for request in requests:
                await queue.submit(request)
            while (await queue.depth()).running < 4:
                await asyncio.sleep(0.01)
            victim.kill()
            victim.wait(10)
            for request in requests:
                status = await queue.state(request.id)
                if status and status.state is JobState.RUNNING:
                    shared_redis.command(f"ZADD pagewright:leases 1 {request.site}")
            heir = start_worker("heir", 60, 0)
            ended = await ended_jobs(queue, len(requests))
            assert ended == Counter(request.id for request in requests)
            assert heir.poll() is None
            attempts = Counter([status.attempt for r in requests if (status := await queue.state(r.id))])
            assert attempts == {1: 26, 2: 4}

    asyncio.run(play())


def test_a_restart_of_redis_with_its_data_disturbs_nobody(redis_server: RedisServer) -> None:
    async def play() -> None:
        async with JobQueue.open(redis_server.url) as queue:
            await queue.submit(make_request("bakery"))
            held = await queue.claim("one", 30, 1)
            waiting = asyncio.create_task(queue.claim("two", 30, 30))
            await asyncio.sleep(0.05)
            assert held and not waiting.done()
            redis_server.kill()
            renewal = asyncio.create_task(queue.renew(held, 30))
            await asyncio.sleep(0.05)
            redis_server.start()
            assert await renewal is Renewal.HELD
            other = make_request("florist")
            await queue.submit(other)
            claim = await waiting
            assert claim and claim.request == other
            assert await queue.finish(held, DONE)
            assert len(await queue.outcomes()) == 1

    asyncio.run(play())


def test_a_redis_that_lost_its_data_knows_nothing_and_goes_on(redis_server: RedisServer) -> None:
    async def play() -> None:
        async with JobQueue.open(redis_server.url) as queue:
            request = make_request("bakery")
            await queue.submit(request)
            held = await queue.claim("one", 30, 1)
            assert held
            redis_server.kill()
            shutil.rmtree(redis_server.socket.parent / "appendonlydir")
            redis_server.start()
            assert await queue.renew(held, 30) is Renewal.LOST
            assert not await queue.finish(held, DONE)
            assert await queue.state(request.id) is None
            assert await queue.cancel(request.id) is None
            assert await queue.submit(request)
            again = await queue.claim("two", 30, 1)
            assert again and again.request == request
            assert (await queue.raise_fence(again, held.fence)).fence > held.fence

    asyncio.run(play())


def test_without_redis_callers_are_told_soon(redis_server: RedisServer) -> None:
    async def play() -> None:
        async with JobQueue.open(redis_server.url) as queue:
            await queue.ping()
            redis_server.kill()
            began = time.monotonic()
            with pytest.raises(Unavailable):
                await queue.submit(make_request("bakery"))
            assert time.monotonic() - began < 10
            redis_server.start()
            await queue.ping()

    asyncio.run(play())


class LossyRelay:
    """A relay before Redis; when `lose` is set it drops the connection instead of passing on the next answer."""

    def __init__(self, redis: RedisServer) -> None:
        self.socket = redis.socket.with_name("relay.sock")
        self.url = f"unix://{self.socket}"
        self.lose = False
        self._redis = redis

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        below, above = await asyncio.open_unix_connection(self._redis.socket)
        asking = asyncio.create_task(self.pass_on(reader, above))
        while data := await below.read(65536):
            if self.lose:
                self.lose = False
                break
            writer.write(data)
        writer.close()
        above.close()
        await asking

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()


def test_i3_a_step_whose_answer_was_lost_is_not_done_twice(redis_server: RedisServer) -> None:
    async def play() -> None:
        relay = LossyRelay(redis_server)
        async with await asyncio.start_unix_server(relay.serve, relay.socket), JobQueue.open(relay.url) as queue:
            requests = [make_request(site) for site in ("bakery", "florist", "lawyer")]
            for request in requests:
                await queue.submit(request)
            warm = await queue.claim("one", 30, 0)
            assert warm and await queue.finish(warm, DONE)
            relay.lose = True
            claim = await queue.claim("one", 30, 0)
            assert not relay.lose
            assert claim and (claim.request, claim.attempt) == (requests[1], 1)
            assert (await queue.depth()).running == 1
            relay.lose = True
            assert await queue.finish(claim, DONE)
            assert not relay.lose
            relay.lose = True
            assert not await queue.submit(requests[2])
            assert len(await queue.outcomes()) == 2
            assert (await queue.depth()).queued == 1

    asyncio.run(play())
