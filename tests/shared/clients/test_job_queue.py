"""What a caller of the queue sees: events, cancelling, leases, wake-ups, what is kept."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from shared.clients.job_queue import Claim, EventKind, JobQueue, Renewal
from shared.domain.errors import Busy, InvalidInput
from shared.domain.vocabulary import JobKind, JobRequest, JobState, Outcome, Phase, Progress, new_id
from tests.support.redis_server import RedisServer

DONE = Outcome(state=JobState.SUCCEEDED, version=7, answer="It is blue now.")
Play = Callable[[JobQueue], Awaitable[None]]


def make_request(site: str = "bakery") -> JobRequest:
    return JobRequest(
        id=new_id(), site=site, kind=JobKind.EDIT, message="Blue, please.", author="anna", created_at=datetime.now(UTC)
    )


def play(url: str, scene: Play) -> None:
    async def run() -> None:
        async with asyncio.timeout(30), JobQueue.open(url) as queue:
            await scene(queue)

    asyncio.run(run())


async def claim_now(queue: JobQueue, worker: str = "one", lease: float = 30) -> Claim:
    claim = await queue.claim(worker, lease, 0)
    assert claim
    return claim


async def blocked_clients(redis: RedisServer, count: int) -> None:
    """Wait until so many clients wait for something in Redis."""
    while f"blocked_clients:{count}\r" not in redis.command("INFO clients"):
        await asyncio.sleep(0.002)


def test_a_job_from_submit_to_its_outcome(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        request = make_request()
        step = Progress(phase=Phase.EDITING, text="Changing the colours: ü, 語, \0.")
        assert await queue.submit(request)
        assert not await queue.submit(request)
        claim = await claim_now(queue)
        assert (claim.request, claim.fence, claim.attempt, claim.cancel_asked) == (request, 1, 1, False)
        assert await queue.progress(claim, step)
        status = await queue.state(request.id)
        assert status and (status.state, status.worker, status.progress) == (JobState.RUNNING, "one", step)
        assert await queue.finish(claim, DONE)
        events = await queue.events(request.id)
        assert [event.kind for _, event in events] == ["queued", "running", "progress", "final"]
        assert (events[1][1].attempt, events[2][1].progress, events[3][1].outcome) == (1, step, DONE)
        assert await queue.events(request.id, events[1][0]) == events[2:]
        assert [(job, outcome) for _, job, outcome in await queue.outcomes()] == [(request.id, DONE)]
        status = await queue.state(request.id)
        assert status and (status.state, status.version) == (JobState.SUCCEEDED, 7)

    play(redis_url, scene)


def test_what_is_known_of_many_jobs_is_told_in_one_step(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        running, waiting, unknown = (make_request(site) for site in "abc")
        await queue.submit(running)
        claim = await queue.claim("one", 30, 0)
        assert claim
        await queue.progress(claim, Progress(phase=Phase.EDITING, text="Looks around."))
        await queue.submit(waiting)
        known = await queue.known([waiting.id, unknown.id, running.id])
        assert list(known) == [waiting.id, running.id]
        for job, told in known.items():
            assert (told.status, told.events) == (await queue.state(job), await queue.events(job))
        assert await queue.known([]) == {}

    play(redis_url, scene)


def test_sites_take_turns_and_jobs_of_a_site_keep_their_order(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        requests = [make_request(site) for site in "aaabbc"]
        for request in requests:
            await queue.submit(request)
        order = []
        while claim := await queue.claim("one", 30, 0):
            order.append(claim.request)
            await queue.finish(claim, DONE)
        a1, a2, a3, b1, b2, c1 = requests
        assert order == [a1, b1, c1, a2, b2, a3]

    play(redis_url, scene)


def test_i8_a_job_whose_workers_vanish_is_given_up(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        request = make_request()
        await queue.submit(request)
        for attempt in (1, 2, 3):
            claim = await queue.claim(f"worker-{attempt}", 0.05, 5)
            assert claim and (claim.attempt, claim.fence) == (attempt, attempt)
        assert await queue.claim("last", 0.05, 0.2) is None
        status = await queue.state(request.id)
        assert status and status.outcome and status.outcome.error
        assert status.state is JobState.FAILED
        assert status.outcome.error.hint
        assert (status.site, status.attempt, status.worker) == ("bakery", 3, "worker-3")
        depth = await queue.depth()
        assert (depth.dead, depth.expired) == (1, 3)
        assert [job for _, job, _ in await queue.outcomes()] == [request.id]

    play(redis_url, scene)


def test_a_queued_job_is_cancelled_at_once(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        request = make_request()
        await queue.submit(request)
        assert await queue.cancel(request.id) is JobState.CANCELLED
        assert await queue.cancel(request.id) is JobState.CANCELLED
        assert await queue.cancel(new_id()) is None
        assert await queue.claim("one", 30, 0) is None
        assert [event.kind for _, event in await queue.events(request.id)] == ["queued", "final"]
        assert [(job, outcome.state) for _, job, outcome in await queue.outcomes()] == [(request.id, "cancelled")]

    play(redis_url, scene)


def test_a_worker_hears_of_a_cancel_within_a_second(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        request = make_request()
        await queue.submit(request)
        claim = await claim_now(queue)
        hearing = asyncio.create_task(queue.wait_for_cancel(claim))
        await queue.progress(claim, Progress(phase=Phase.EDITING))
        await asyncio.sleep(0.05)
        assert not hearing.done()
        began = time.monotonic()
        assert await queue.cancel(request.id) is JobState.RUNNING
        await hearing
        assert time.monotonic() - began < 1
        assert await queue.renew(claim, 30) is Renewal.CANCEL_ASKED
        await queue.wait_for_cancel(claim)

    play(redis_url, scene)


def test_i3_a_cancel_after_a_lost_attempt_is_left_to_the_next_worker(shared_redis: RedisServer) -> None:
    """The lost attempt may have committed a version: a worker must look before the job is called cancelled."""

    async def scene(queue: JobQueue) -> None:
        request = make_request()
        await queue.submit(request)
        await claim_now(queue)
        await queue.cancel(request.id)
        shared_redis.command("ZADD pagewright:leases 1 bakery")
        claim = await claim_now(queue, "two")
        assert (claim.attempt, claim.cancel_asked) == (2, True)
        await queue.wait_for_cancel(claim)

        other = make_request("florist")
        await queue.submit(other)
        await claim_now(queue)
        await queue.submit(make_request("lawyer"))
        shared_redis.command("ZADD pagewright:leases 1 florist")
        assert (await claim_now(queue)).request.site == "lawyer"
        assert await queue.cancel(other.id) is JobState.QUEUED, "its first attempt may have committed"
        assert (await claim_now(queue)).cancel_asked

    play(shared_redis.url, scene)


def test_a_lease_of_nothing_holds_up_nobody(shared_redis: RedisServer) -> None:
    """What a Redis that lost a part of its memory may still know of a job."""

    async def scene(queue: JobQueue) -> None:
        shared_redis.command("ZADD pagewright:leases 1 bakery")
        shared_redis.command("ZADD pagewright:leases 1 florist")
        shared_redis.command("HSET pagewright:running florist gone")
        request = make_request("florist")
        await queue.submit(request)
        assert (await claim_now(queue)).request == request

    play(shared_redis.url, scene)


def test_a_watcher_waits_for_the_next_event(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        request = make_request()
        watching = asyncio.create_task(queue.events(request.id, "0", 10))
        await asyncio.sleep(0.02)
        await queue.submit(request)
        [(position, event)] = await watching
        assert event.kind is EventKind.QUEUED
        assert await queue.events(request.id, position, 0.02) == []

    play(redis_url, scene)


@pytest.mark.parametrize("position", ["", "$", "-1", "1-", "1-2-3", "9" * 30, "0\n", "٣"])
def test_a_bad_position_is_refused(redis_url: str, position: str) -> None:
    async def scene(queue: JobQueue) -> None:
        with pytest.raises(InvalidInput):
            await queue.events(new_id(), position)

    play(redis_url, scene)


def test_an_idle_worker_waits_without_polling(shared_redis: RedisServer) -> None:
    async def scene(queue: JobQueue) -> None:
        waiting = [asyncio.create_task(queue.claim(name, 30, 60)) for name in ("one", "two")]
        await blocked_clients(shared_redis, 2)
        shared_redis.command("CONFIG RESETSTAT")
        await asyncio.sleep(1)
        calls = shared_redis.calls()
        assert sum(calls.values()) <= 3, calls
        await queue.submit(make_request("bakery"))
        await queue.submit(make_request("florist"))
        claims = await asyncio.gather(*waiting)
        assert {claim.request.site for claim in claims if claim} == {"bakery", "florist"}

    play(shared_redis.url, scene)


def test_a_lost_wake_up_strands_no_job(shared_redis: RedisServer) -> None:
    """A worker dies after its wake-up and before its claim: another one finds the job."""

    async def scene(queue: JobQueue) -> None:
        await queue.submit(make_request())
        assert shared_redis.command("DEL pagewright:wake") == "1"
        assert await queue.claim("one", 0.2, 10)

        reader, doomed = await asyncio.open_unix_connection(shared_redis.socket)
        doomed.write(b"BLPOP pagewright:wake 10\r\n")
        await blocked_clients(shared_redis, 1)
        waiting = asyncio.create_task(queue.claim("two", 0.2, 10))
        await queue.submit(make_request("florist"))
        assert await reader.readline() == b"*2\r\n", "the doomed worker got the wake-up"
        doomed.close()
        claim = await waiting
        assert claim and claim.request.site == "florist"

    play(shared_redis.url, scene)


def test_a_cancelled_claim_leaves_no_job_behind(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        request = make_request()
        await queue.submit(request)
        for turns in range(12):
            claiming = asyncio.create_task(queue.claim("one", 30, 10))
            for _ in range(turns):
                await asyncio.sleep(0)
            claiming.cancel()
            result = (await asyncio.gather(claiming, return_exceptions=True))[0]
            if isinstance(result, Claim):
                await queue.hand_back(result)
            assert (await queue.depth()).running == 0
        assert (await claim_now(queue)).attempt == 1

    play(redis_url, scene)


def test_final_jobs_are_forgotten_after_a_day(shared_redis: RedisServer) -> None:
    async def scene(queue: JobQueue) -> None:
        request = make_request()
        await queue.submit(request)
        assert shared_redis.command(f"TTL pagewright:job:{request.id}") == "-1"
        await queue.finish(await claim_now(queue), DONE)
        for kind in ("job", "events"):
            assert 86_000 < int(shared_redis.command(f"TTL pagewright:{kind}:{request.id}")) <= 86_400
        assert shared_redis.command(f"HEXISTS pagewright:job:{request.id} request") == "0"

    play(shared_redis.url, scene)


def test_a_watched_job_keeps_a_bounded_number_of_events(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        await queue.submit(make_request())
        claim = await claim_now(queue)
        for number in range(1300):
            await queue.progress(claim, Progress(phase=Phase.EDITING, text=str(number)))
        seen, position = 0, "0"
        while events := await queue.events(claim.request.id, position):
            seen, position = seen + len(events), events[-1][0]
        assert 1000 <= seen <= 1200

    play(redis_url, scene)


def test_depth_tells_the_oldest_wait(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        assert (await queue.depth()).oldest_seconds == 0
        await queue.submit(make_request())
        await asyncio.sleep(0.05)
        await queue.submit(make_request("florist"))
        depth = await queue.depth()
        assert (depth.queued, depth.running) == (2, 0)
        assert 0.05 <= depth.oldest_seconds < 10

    play(redis_url, scene)


def test_who_waits_for_a_job_of_its_own_site_waits_for_no_worker(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        for _ in range(2):
            await queue.submit(make_request())
        claim = await claim_now(queue)
        await asyncio.sleep(0.4)
        depth = await queue.depth()
        assert (depth.queued, depth.running, depth.oldest_seconds) == (1, 1, 0)
        await queue.finish(claim, DONE)
        assert (await queue.depth()).oldest_seconds < 0.4
        await asyncio.sleep(0.1)
        assert (await queue.depth()).oldest_seconds > 0.05

    play(redis_url, scene)


def test_a_job_handed_back_counts_no_expired_lease(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        await queue.submit(make_request())
        await claim_now(queue, "silent", 0.01)
        await asyncio.sleep(0.02)
        for worker in ("one", "two"):
            await queue.hand_back(await claim_now(queue, worker))
        assert (await claim_now(queue, "three")).attempt == 2
        assert (await queue.depth()).expired == 1

    play(redis_url, scene)


def test_a_cancellation_is_never_lost(redis_url: str) -> None:
    """Before Python 3.12 the Redis library swallows one that comes in an unlucky moment; the task went on for ever."""

    async def scene(queue: JobQueue) -> None:
        async def ask_for_ever() -> None:
            while True:
                await queue.ping()

        for moment in range(200):
            task = asyncio.create_task(ask_for_ever())
            for _ in range(moment):
                await asyncio.sleep(0)
            task.cancel()
            done, _ = await asyncio.wait([task], timeout=2)
            assert done, f"not cancelled at moment {moment}"

    play(redis_url, scene)


def test_who_works_on_what_since_when_and_whether_it_still_lives(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        assert await queue.running() == []
        bakery, florist = make_request(), make_request("florist")
        for request in (bakery, florist):
            await queue.submit(request)
        before = datetime.now(UTC)
        first = await claim_now(queue, "one", 30)
        await asyncio.sleep(0.002)  # the one that was claimed first is at the head
        second = await claim_now(queue, "two", 0.01)
        await queue.progress(second, Progress(phase=Phase.CHECKING))
        await queue.cancel(florist.id)
        await asyncio.sleep(0.02)
        one, two = await queue.running()
        assert (one.job, one.site, one.worker, one.attempt, one.phase) == (bakery.id, "bakery", "one", 1, None)
        assert (two.job, two.worker, two.phase, two.cancel_asked) == (florist.id, "two", Phase.CHECKING, True)
        assert one.claimed_at and abs(one.claimed_at - before).total_seconds() < 5
        assert 25 < one.lease_seconds <= 30
        assert two.lease_seconds < 0
        await queue.finish(first, DONE)
        assert [job.worker for job in await queue.running()] == ["two"]

    play(redis_url, scene)


@pytest.mark.parametrize("lost", ["DEL pagewright:job:{}", "ZREM pagewright:leases bakery"])
def test_a_job_or_lease_that_redis_lost_hides_no_other(shared_redis: RedisServer, lost: str) -> None:
    async def scene(queue: JobQueue) -> None:
        for site in ("bakery", "florist"):
            await queue.submit(make_request(site))
        first = await claim_now(queue, "one")
        await claim_now(queue, "two")
        shared_redis.command(lost.format(first.request.id))
        assert [job.worker for job in await queue.running()] == ["two"]

    play(shared_redis.url, scene)


def test_the_version_of_redis(redis_server: RedisServer) -> None:
    async def scene(queue: JobQueue) -> None:
        assert f"redis_version:{await queue.redis_version()}" in redis_server.command("INFO server")

    play(redis_server.url, scene)


def test_a_crowd_opens_few_connections_and_does_not_hide_that_redis_is_there(redis_server: RedisServer) -> None:
    """A few are asked at a time, and so many wait; the others are told to come again. Who measures the queue is not."""

    async def scene(queue: JobQueue) -> None:
        before = int(re.findall(r"connected_clients:(\d+)", redis_server.command("INFO clients"))[0])
        crowd = [asyncio.ensure_future(queue.state(new_id())) for _ in range(1_100)]
        await asyncio.sleep(0)
        await queue.ping()
        assert (await queue.depth()).queued == 0
        told = await asyncio.gather(*crowd, return_exceptions=True)
        assert (told.count(None), sum(isinstance(error, Busy) for error in told)) == (1_032, 68)
        after = int(re.findall(r"connected_clients:(\d+)", redis_server.command("INFO clients"))[0])
        assert after - before <= 34

    play(redis_server.url, scene)
