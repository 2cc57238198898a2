"""A stopped job is handed back once nothing of it runs (I8); a torn commit is left to the next worker (I3)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from daemons.worker.job.claimed_job import Cancelled, ClaimedJob, ClaimLost
from daemons.worker.job.job_times import JobTimes
from daemons.worker.task_ending import TaskStuck
from shared.clients.job_queue import JobQueue
from shared.domain.vocabulary import JobKind, JobRequest, JobState, Outcome, Phase, new_id

DONE = Outcome(state=JobState.SUCCEEDED, version=2)
JobBody = Callable[[ClaimedJob], Awaitable[Outcome]]


class ScriptedJob(ClaimedJob):
    """A claimed job that does what the test wants."""

    body: JobBody
    begun: asyncio.Event

    async def _run_job(self) -> Outcome:
        self.begun.set()
        return await self.body(self)


async def _stopped(url: str, body: JobBody) -> tuple[JobState, int, BaseException | None]:
    """How a real queue sees a job whose worker is asked to stop once the job has begun, and how the worker ends."""
    request = JobRequest(
        id=new_id(), site="bakery", kind=JobKind.EDIT, message="Blue.", author="ana", created_at=datetime.now(UTC)
    )
    async with JobQueue.open(url) as queue:
        await queue.submit(request)
        claim, stop = await queue.claim("one", 30, 0), asyncio.Event()
        assert claim
        context = cast("Any", SimpleNamespace(settings=SimpleNamespace(worker_lease_seconds=30)))
        job = ScriptedJob(context, queue, claim, stop)
        job.body, job.begun = body, asyncio.Event()
        running = asyncio.create_task(job.run())
        await job.begun.wait()
        stop.set()
        await asyncio.wait([running])
        status = await queue.state(request.id)
        assert status
        return status.state, status.attempt, running.exception()


def test_i8_a_job_is_handed_back_when_its_sandbox_has_ended(redis_url: str) -> None:
    """However long that takes: a sandbox may take ten seconds, and its end is not broken off."""
    ended = asyncio.Event()

    async def slow_to_end(_: ClaimedJob) -> Outcome:
        try:
            return await asyncio.Future[Outcome]()
        finally:
            await asyncio.sleep(6)
            ended.set()

    assert asyncio.run(_stopped(redis_url, slow_to_end)) == (JobState.QUEUED, 0, None)
    assert ended.is_set()


def test_i8_a_job_that_does_not_end_is_not_handed_back(redis_url: str) -> None:
    """Its worker dies of it, and its lease lapses."""

    async def stuck(_: ClaimedJob) -> Outcome:
        try:
            return await asyncio.Future[Outcome]()
        finally:
            raise TaskStuck("the relay")

    state, attempt, error = asyncio.run(_stopped(redis_url, stuck))
    assert (state, attempt, type(error)) == (JobState.RUNNING, 1, TaskStuck)


def test_a_job_that_is_nearly_done_is_finished(redis_url: str) -> None:
    async def nearly_done(job: ClaimedJob) -> Outcome:
        job.reporter.enter(Phase.CHECKING)
        await asyncio.sleep(0.2)
        return DONE

    assert asyncio.run(_stopped(redis_url, nearly_done)) == (JobState.SUCCEEDED, 1, None)


async def _cancelled_in(phase: Phase) -> Outcome:
    """How a job ends that hangs in this phase when a person cancels it."""

    async def hang() -> Outcome:
        return await asyncio.Future[Outcome]()

    async def watcher() -> None:
        raise Cancelled

    nothing = cast("Any", None)
    job = ClaimedJob(nothing, nothing, nothing, asyncio.Event(), JobTimes(commit=0.01))
    job.reporter.enter(phase)
    tasks = asyncio.create_task(hang()), asyncio.create_task(watcher())
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    return await job._stop(tasks[0], [tasks[1]])


def test_i3_a_torn_commit_is_left_to_the_next_worker() -> None:
    """It may still happen, so the job is not recorded as cancelled."""
    with pytest.raises(ClaimLost):
        asyncio.run(_cancelled_in(Phase.COMMITTING))


def test_before_its_commit_a_job_is_cancelled() -> None:
    assert asyncio.run(_cancelled_in(Phase.PACKAGING)).state is JobState.CANCELLED
