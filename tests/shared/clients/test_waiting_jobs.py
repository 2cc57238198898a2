"""What waits can be edited, arranged and withdrawn, and one step decides whether a worker was earlier."""

import asyncio

import pytest

from shared.clients.job_queue import JobQueue
from shared.clients.waiting_jobs import EditResult
from shared.domain.vocabulary import JobRequest, JobState, new_id
from tests.shared.clients.test_job_queue import DONE, claim_now, make_request, play
from tests.support.redis_server import RedisServer


def edited(request: JobRequest, message: str = "Red, please.") -> JobRequest:
    return request.model_copy(update={"message": message})


def test_an_edit_takes_effect_once_and_never_behind_a_worker(shared_redis: RedisServer) -> None:
    async def scene(queue: JobQueue) -> None:
        request = make_request()
        assert await queue.edit(edited(request), 1) is EditResult.UNKNOWN
        await queue.submit(request)
        assert await queue.edit(edited(request), 1) is EditResult.EDITED
        assert await queue.edit(edited(request, "Late."), 1) is EditResult.EDITED, "the same edit, asked for again"
        claim = await claim_now(queue)
        assert claim.request == edited(request)
        assert await queue.edit(edited(request), 1) is EditResult.EDITED, "it came before the worker"
        assert await queue.edit(edited(request, "Green."), 2) is EditResult.BEGUN
        shared_redis.command("ZADD pagewright:leases 1 bakery")
        again = await claim_now(queue, "two")
        assert again.request == edited(request)
        assert await queue.hand_back(again)
        assert await queue.edit(edited(request, "Green."), 2) is EditResult.BEGUN, (
            "an attempt was lost, it may have taken effect"
        )
        assert await queue.finish(await claim_now(queue, "three"), DONE)
        assert await queue.edit(edited(request, "Green."), 2) is EditResult.ENDED

    play(shared_redis.url, scene)


def test_a_request_that_was_handed_back_untouched_can_be_edited(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        request = make_request()
        await queue.submit(request)
        await queue.hand_back(await claim_now(queue))
        assert await queue.edit(edited(request), 1) is EditResult.EDITED
        assert (await claim_now(queue)).request == edited(request)

    play(redis_url, scene)


def test_of_an_edit_and_a_claim_at_once_each_knows_the_other(redis_url: str) -> None:
    """Both ways: the worker has the new text and the edit is taken, or the old one and it is refused."""

    async def scene(queue: JobQueue) -> None:
        results = set()
        async with JobQueue.open(redis_url) as other:
            for round_ in range(60):
                request = make_request()
                await queue.submit(request)
                steps = [queue.edit(edited(request), 1), other.claim("one", 30, 0)]
                first, second = await asyncio.gather(*(steps if round_ % 2 else steps[::-1]))
                result, claim = (first, second) if round_ % 2 else (second, first)
                assert claim
                assert claim.request == (edited(request) if result is EditResult.EDITED else request)
                results.add(result)
                await queue.finish(claim, DONE)
        assert results <= {EditResult.EDITED, EditResult.BEGUN}

    play(redis_url, scene)


def test_what_is_submitted_again_knows_how_often_it_was_edited(shared_redis: RedisServer) -> None:
    async def scene(queue: JobQueue) -> None:
        request = make_request()
        shared_redis.command("FLUSHALL")
        await queue.submit(edited(request), 2)
        assert await queue.edit(request, 2) is EditResult.EDITED, "it has that edit, or a later one"
        assert (await claim_now(queue)).request == edited(request)

    play(shared_redis.url, scene)


@pytest.mark.parametrize(
    ("named", "order"),
    [("cab", "cab"), ("ba", "bac"), ("cxa", "cba"), ("", "abc"), ("cc", "abc")],
    ids=["all", "some", "one that is unknown", "none", "one twice"],
)
def test_jobs_that_wait_are_arranged(redis_url: str, named: str, order: str) -> None:
    async def scene(queue: JobQueue) -> None:
        jobs = {name: make_request() for name in "abc"}
        for request in jobs.values():
            await queue.submit(request)
        ids = [jobs[name].id if name in jobs else new_id() for name in named]
        assert await queue.arrange("bakery", ids) == [jobs[name].id for name in order]
        claimed = []
        while claim := await queue.claim("one", 30, 0):
            claimed.append(claim.request.id)
            await queue.finish(claim, DONE)
        assert claimed == [jobs[name].id for name in order]

    play(redis_url, scene)


def test_what_has_begun_is_not_withdrawn(redis_url: str) -> None:
    async def scene(queue: JobQueue) -> None:
        begun, first, second, other = (*(make_request() for _ in range(3)), make_request("florist"))
        for request in (begun, first, second, other):
            await queue.submit(request)
        claim = await claim_now(queue)
        unknown = new_id()
        states = await queue.withdraw([begun.id, first.id, unknown, second.id])
        assert states == {
            begun.id: JobState.RUNNING,
            first.id: JobState.CANCELLED,
            second.id: JobState.CANCELLED,
        }
        assert [outcome.state for _, _, outcome in await queue.outcomes()] == [JobState.CANCELLED] * 2
        assert await queue.finish(claim, DONE)
        assert (await claim_now(queue)).request == other, "the site has nothing left that waits"
        assert await queue.claim("two", 30, 0) is None
        assert await queue.withdraw([]) == {}

    play(redis_url, scene)
