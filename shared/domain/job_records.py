"""What the job queue tells its callers: claims, events, the state of jobs and of the whole queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field

from shared.domain.vocabulary import (
    Fence,
    JobId,
    JobRequest,
    JobState,
    Outcome,
    Phase,
    Progress,
    Record,
    SiteName,
    VersionNumber,
)


class Claim(Record):
    """A job that a worker holds, and with it the lock on the job's site.

    `attempt` counts from 1. `holder` names this claim and no other. `cancel_asked` is true if somebody cancelled the
    job after an earlier attempt had begun.
    """

    request: JobRequest
    fence: Fence
    attempt: Annotated[int, Field(ge=1)]
    holder: str
    cancel_asked: bool


class Renewal(StrEnum):
    """What a worker learns when it renews its lease."""

    HELD = "held"
    CANCEL_ASKED = "cancel-asked"
    LOST = "lost"


class EventKind(StrEnum):
    """What can happen to a job."""

    QUEUED = "queued"
    RUNNING = "running"
    PROGRESS = "progress"
    CANCEL_ASKED = "cancel-asked"
    FINAL = "final"


class Event(Record):
    """Something that happened to a job; `running` has an attempt, `progress` a progress, `final` an outcome."""

    kind: EventKind
    attempt: int | None = None
    progress: Progress | None = None
    outcome: Outcome | None = None

    @classmethod
    def from_fields(cls, fields: Mapping[str, str]) -> Self:
        """The event as the steps in `shared/clients/lua` write it."""
        return cls(
            kind=EventKind(fields["kind"]),
            attempt=int(fields["attempt"]) if "attempt" in fields else None,
            progress=_progress(fields),
            outcome=_outcome(fields),
        )


class SiteEvent(Record):
    """That something happened to a site: to this job of its, or else something that is told of no job."""

    site: SiteName
    job: JobId | None


class JobStatus(Record):
    """All that the queue knows of a job. `worker` and `progress` are those of the present attempt."""

    job: JobId
    site: SiteName
    state: JobState
    attempt: int
    worker: str | None = None
    progress: Progress | None = None
    cancel_asked: bool = False
    outcome: Outcome | None = None
    queued_at: datetime

    @property
    def version(self) -> VersionNumber | None:
        return self.outcome.version if self.outcome else None

    @property
    def waits(self) -> bool:
        """Whether no worker has begun it."""
        return self.state is JobState.QUEUED and self.attempt == 0

    @classmethod
    def from_fields(cls, job: JobId, fields: Mapping[str, str]) -> Self:
        """The status as the steps in `shared/clients/lua` write it."""
        return cls(
            job=job,
            site=fields["site"],
            state=JobState(fields["state"]),
            attempt=int(fields["attempt"]),
            worker=fields.get("worker"),
            progress=_progress(fields),
            cancel_asked="cancel" in fields,
            outcome=_outcome(fields),
            queued_at=_moment(fields["queued_at"]),
        )


@dataclass(frozen=True)
class KnownJob:
    """What the queue knows of a job, and what happened to it as (position, event)."""

    status: JobStatus
    events: list[tuple[str, Event]]

    @classmethod
    def from_reply(cls, job: JobId, fields: Sequence[str], events: Sequence[tuple[str, Sequence[str]]]) -> Self:
        """As the step `known` tells it: names and values in turn."""
        told = [(at, Event.from_fields(_in_turn(entry))) for at, entry in events]
        return cls(JobStatus.from_fields(job, _in_turn(fields)), told)


class RunningJob(Record):
    """A job that a worker holds now.

    `lease_seconds` is how long the worker's claim still holds; below zero its worker has stopped renewing it, and the
    next worker that looks takes the job over. `claimed_at` is None if an older release claimed the job without noting
    the time.
    """

    job: JobId
    site: SiteName
    worker: str
    attempt: int
    claimed_at: datetime | None
    phase: Phase | None
    cancel_asked: bool
    lease_seconds: float

    @classmethod
    def from_reply(cls, reply: Sequence[str | int | None]) -> Self:
        """The job as `shared/clients/lua/running.lua` tells it."""
        lease, job, site, worker, attempt, claimed_at, progress, cancel = reply
        return cls.model_validate(
            {
                "job": job,
                "site": site,
                "worker": worker,
                "attempt": attempt,
                "claimed_at": _moment(claimed_at) if claimed_at else None,
                "phase": Progress.model_validate_json(str(progress)).phase if progress else None,
                "cancel_asked": cancel is not None,
                "lease_seconds": int(lease or 0) / 1000,
            }
        )


class QueueDepth(Record):
    """The size of the queue.

    `oldest_seconds` is the longest wait of a job that a worker could take now; a job that waits for another one of its
    site does not count. `dead` counts jobs that were given up, `expired` leases that ran out; both start anew at 0 in a
    Redis that has lost its memory.
    """

    queued: int
    running: int
    oldest_seconds: float
    dead: int
    expired: int


def _moment(milliseconds: str | int) -> datetime:
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)


def _in_turn(flat: Sequence[str]) -> dict[str, str]:
    """Names and values that stand in turn, as Redis tells a hash."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _progress(fields: Mapping[str, str]) -> Progress | None:
    return Progress.model_validate_json(fields["progress"]) if "progress" in fields else None


def _outcome(fields: Mapping[str, str]) -> Outcome | None:
    return Outcome.model_validate_json(fields["outcome"]) if "outcome" in fields else None
