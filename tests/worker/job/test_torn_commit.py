"""A commit that is cancelled while storage is silent may still happen: its job is not recorded as cancelled (I3)."""

import asyncio
from typing import Any, cast

import pytest

from daemons.worker.job import claimed_job
from daemons.worker.job.claimed_job import Cancelled, ClaimedJob, ClaimLost
from shared.domain.vocabulary import JobState, Outcome, Phase


async def _cancelled_in(phase: Phase) -> Outcome:
    """How a job ends that hangs in this phase when a person cancels it."""

    async def hang() -> Outcome:
        return await asyncio.Future[Outcome]()

    async def watcher() -> None:
        raise Cancelled

    nothing = cast("Any", None)
    job = ClaimedJob(nothing, nothing, nothing, asyncio.Event())
    job.reporter.enter(phase)
    tasks = asyncio.create_task(hang()), asyncio.create_task(watcher())
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    return await job._stop(tasks[0], [tasks[1]])


def test_i3_a_torn_commit_is_left_to_the_next_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claimed_job, "_COMMIT_SECONDS", 0.01)
    with pytest.raises(ClaimLost):
        asyncio.run(_cancelled_in(Phase.COMMITTING))


def test_before_its_commit_a_job_is_cancelled() -> None:
    assert asyncio.run(_cancelled_in(Phase.PACKAGING)).state is JobState.CANCELLED
