"""A recorded job with what only the queue knows of it."""

import asyncio

import pytest

from daemons.api.jobs.live_job import ask_queue, live_job
from daemons.api.jobs.rows import Job
from shared.clients.job_queue import Event, EventKind, JobQueue, JobStatus
from shared.domain.vocabulary import Failure, JobKind, JobState, Outcome, Phase, Progress, new_id
from tests.api.small_database import NOW

READING = Progress(phase=Phase.EDITING, text="Reading index.html")


def job(state: JobState = JobState.QUEUED, kind: JobKind = JobKind.EDIT) -> Job:
    nothing = dict.fromkeys(("phase", "version", "base", "error", "finished_at"))
    known = {"id": new_id(), "site": "bakery", "kind": kind, "state": state, "message": "Blue.", "author": "ana"}
    return Job.model_validate(known | nothing | {"answer": "", "steps": [], "created_at": NOW})


def status(state: JobState, **more: object) -> JobStatus:
    known = {"job": new_id(), "site": "bakery", "state": state, "attempt": 1, "queued_at": NOW}
    return JobStatus.model_validate(known | more)


def test_what_has_ended_stays_as_it_is_recorded() -> None:
    ended = job(JobState.CANCELLED)
    assert live_job(ended, status(JobState.RUNNING, progress=READING)) is ended
    waiting = job()
    assert live_job(waiting, None) is waiting


def test_a_running_job_tells_its_phase_and_steps() -> None:
    events = [
        ("1000-0", Event(kind=EventKind.RUNNING, attempt=1)),
        ("2000-0", Event(kind=EventKind.PROGRESS, progress=READING)),
    ]
    live = live_job(job(), status(JobState.RUNNING, progress=READING), events)
    assert (live.state, live.phase) == (JobState.RUNNING, Phase.EDITING)
    assert [(step.at.timestamp(), step.text) for step in live.steps] == [(2, "Reading index.html")]
    assert live_job(job(), status(JobState.RUNNING)).phase is None
    waiting_again = live_job(job(), status(JobState.QUEUED, progress=READING))
    assert (waiting_again.state, waiting_again.phase) == (JobState.QUEUED, None)


def test_a_new_version_is_still_being_committed_until_its_preview_is_seen() -> None:
    outcome = Outcome(state=JobState.SUCCEEDED, version=3, answer="Done.")
    live = live_job(job(), status(JobState.SUCCEEDED, outcome=outcome))
    assert (live.state, live.phase, live.version, live.answer) == (JobState.RUNNING, Phase.COMMITTING, None, "")


@pytest.mark.parametrize(
    ("outcome", "answer"),
    [
        (Outcome(state=JobState.SUCCEEDED, answer="It is blue."), "Nothing was changed.\nThe agent says: It is blue."),
        (Outcome(state=JobState.FAILED, error=Failure(detail="It broke.")), ""),
    ],
)
def test_what_made_no_version_has_ended_at_once(outcome: Outcome, answer: str) -> None:
    live = live_job(job(), status(outcome.state, outcome=outcome))
    assert (live.state, live.answer, live.error) == (outcome.state, answer, outcome.error)
    assert live.finished_at is not None


def test_a_queue_that_is_away_knows_nothing() -> None:
    async def run() -> None:
        async with JobQueue.open("redis://127.0.0.1:1", restart_seconds=0) as queue:
            assert await ask_queue(queue, [job()]) == {}
            assert await ask_queue(queue, [job(JobState.FAILED)]) == {}

    asyncio.run(run())
