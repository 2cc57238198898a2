"""Recorded jobs with what only the queue knows of them, which is asked once for all."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from daemons.api.jobs.rows import Job, steps_of
from shared.clients.job_queue import Event, JobQueue, JobStatus, KnownJob
from shared.domain.errors import Unavailable
from shared.domain.job_outcome import answer_of
from shared.domain.vocabulary import JobState, Phase


@dataclass(frozen=True)
class LiveJob:
    """A job as it stands now; `stopping` says that somebody has cancelled it and its worker has not ended it yet.

    One that `waits` was never begun, as far as is known.
    """

    job: Job
    stopping: bool = False
    waits: bool = False


async def ask_queue(queue: JobQueue, recorded: Sequence[Job]) -> Mapping[str, KnownJob]:
    """What the queue knows of those that have not ended, by id; nothing while it is away."""
    waiting = [job.id for job in recorded if not job.state.final]
    with suppress(Unavailable):
        return await queue.known(waiting) if waiting else {}
    return {}


def as_it_stands(job: Job, known: KnownJob | None) -> LiveJob:
    """The job with what the queue knows of it, if it knows it."""
    if known is None:
        return LiveJob(job, waits=job.state is JobState.QUEUED)
    live = live_job(job, known.status, known.events)
    return LiveJob(live, stopping=known.status.cancel_asked, waits=known.status.waits and not job.state.final)


def live_job(job: Job, status: JobStatus | None, events: Sequence[tuple[str, Event]] = ()) -> Job:
    """The job as it stands now; as it is recorded if it has ended or the queue does not know it."""
    if job.state.final or status is None:
        return job
    return job.model_copy(update=_present(job, status) | {"steps": steps_of(events)})


def _present(job: Job, status: JobStatus) -> dict[str, object]:
    outcome = status.outcome
    if outcome and outcome.version:
        # It has ended for people once its preview can be looked at, which is when the reconciler records it.
        return {"state": JobState.RUNNING, "phase": Phase.COMMITTING}
    if outcome:
        return {
            "state": outcome.state,
            "answer": answer_of(job.kind, outcome),
            "error": outcome.error,
            "finished_at": datetime.now(UTC),
        }
    running = status.state is JobState.RUNNING
    return {"state": status.state, "phase": status.progress.phase if running and status.progress else None}
