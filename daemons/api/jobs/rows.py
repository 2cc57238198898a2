"""Jobs and the chat in SQL: rows in, records out, always inside the caller's transaction."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, JsonValue, computed_field
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.database.tables import jobs, messages
from daemons.api.jobs.site_marks import mark_change
from daemons.api.jobs.uploads import attached_to
from shared.domain.job_outcome import JobOutcome, answer_of, outcome_of
from shared.domain.job_records import Event
from shared.domain.scope import Scope
from shared.domain.vocabulary import (
    ChatMessage,
    Failure,
    JobKind,
    JobRequest,
    JobState,
    Outcome,
    Phase,
    Record,
    VersionNumber,
    new_id,
)

_SHOWN = {"id", "site", "kind", "base", "message", "author", "created_at"}


_REMARKS = 10
_REMARK_CHARACTERS = 2_000
UNFINISHED = (JobState.QUEUED, JobState.RUNNING)
# Jobs of a site run in the order of their turns: as they were asked for, but for those that somebody moved.
TURN = func.coalesce(jobs.c.turn, jobs.c.id)
_ENDS = {JobState.FAILED: "failed", JobState.CANCELLED: "was stopped"}


class JobStep(Record):
    """One thing that the worker did, for a person to read."""

    at: datetime
    phase: Phase
    text: str


class Job(Record):
    """A job as people see it; `version` is null until it made one, and stays null if nothing was changed.

    `note` is what one should know before it is done, and is told when it is asked for. `attachments` are the names of
    the attached files; the message names them in its last line, too. `edits` counts how often the message was edited
    while it waited. `scope` is what it concerns, left out unless somebody said so. Jobs of a site run in the order of
    their `turn`, which is the id unless somebody moved one.
    """

    id: str
    site: str
    kind: JobKind
    state: JobState
    phase: Phase | None
    version: VersionNumber | None
    base: VersionNumber | None
    message: str
    author: str
    answer: str
    error: Failure | None
    steps: list[JobStep]
    created_at: datetime
    finished_at: datetime | None
    note: str = ""
    attachments: tuple[str, ...] = ()
    edits: int = 0
    scope: Annotated[Scope | None, Field(exclude_if=lambda scope: scope is None)] = None
    turn: str = ""

    @computed_field(description="What the job came to; null while it is unfinished.")  # type: ignore[prop-decorator]
    @property
    def outcome(self) -> JobOutcome | None:
        return outcome_of(self.state, self.version)


class Role(StrEnum):
    """Who speaks in a chat."""

    USER = "user"
    AGENT = "agent"


class Message(Record):
    """One message of a site's chat, and the job that it started or that it is the answer of.

    `edited` is true if the person changed it while the job waited.
    """

    id: str
    site: str
    author: str
    role: Role
    text: str
    job: str
    at: datetime
    edited: bool = False


async def insert_job(connection: AsyncConnection, request: JobRequest) -> None:
    """Add a queued job, and what was asked to the site's chat; raises IntegrityError if the id is taken."""
    row = {"id": request.id, "site": request.site, "author": request.author, "state": JobState.QUEUED, "events": []}
    await connection.execute(insert(jobs).values(row | {"request": request.model_dump(mode="json")}))
    await _say(connection, request.site, request.author, Role.USER, request.message, request.id)
    await mark_change(connection, request.site)


async def recent_remarks(connection: AsyncConnection, site: str) -> tuple[ChatMessage, ...]:
    """What was last said about a site, oldest first, shortened to what a JobRequest carries."""
    query = select(messages.c.role, messages.c.text, jobs.c.request, jobs.c.outcome).where(messages.c.site == site)
    query = query.outerjoin(jobs, jobs.c.id == messages.c.job).order_by(messages.c.id.desc()).limit(_REMARKS)
    rows = (await connection.execute(query)).mappings().all()
    return tuple(remark for row in reversed(rows) for remark in _remarks(row))


def _remarks(row: Mapping[Any, Any]) -> list[ChatMessage]:
    """What was said, corrected by what happened: neither words nor a request pass for a change that was not made."""
    text, outcome = row["text"], Outcome.model_validate(row["outcome"]) if row["outcome"] else None
    if outcome and row["role"] == Role.AGENT:
        text = answer_of(request_from(row).kind, outcome)
    said = [ChatMessage(role=row["role"], text=text[:_REMARK_CHARACTERS])]
    if outcome and row["role"] == Role.USER and not outcome.answer and outcome.state is not JobState.SUCCEEDED:
        said.append(ChatMessage(role="agent", text=f"The job {_ENDS[outcome.state]}."))
    return said


async def find_job(connection: AsyncConnection, job: str) -> tuple[Job, JobRequest] | None:
    """A job and the request behind it."""
    row = (await connection.execute(select(jobs).where(jobs.c.id == job))).mappings().one_or_none()
    return (job_from(row), request_from(row)) if row else None


async def find_history(connection: AsyncConnection, job: str) -> tuple[Job, list[tuple[str, Event]]] | None:
    """A job, and its events as they were kept when it ended; none before."""
    row = (await connection.execute(select(jobs).where(jobs.c.id == job))).mappings().one_or_none()
    return (job_from(row), events_from(row["events"])) if row else None


async def unfinished(connection: AsyncConnection, site: str | None = None) -> list[JobRequest]:
    """The jobs that have not ended, as far as SQL knows, in the order in which they run."""
    query = select(jobs).where(jobs.c.state.in_(UNFINISHED)).order_by(TURN)
    if site is not None:
        query = query.where(jobs.c.site == site)
    return [request_from(row) for row in (await connection.execute(query)).mappings()]


async def finish_job(
    connection: AsyncConnection, request: JobRequest, outcome: Outcome, events: Sequence[tuple[str, Event]]
) -> bool:
    """Record how a job ended, and the agent's answer in the chat; False if that has been done before."""
    query = update(jobs).where(jobs.c.id == request.id, jobs.c.finished_at.is_(None))
    result = await connection.execute(
        query.values(
            state=outcome.state,
            outcome=outcome.model_dump(mode="json"),
            events=[[position, event.model_dump(mode="json", exclude_none=True)] for position, event in events],
            finished_at=datetime.now(UTC),
        )
    )
    if not result.rowcount:
        return False
    if answer := answer_of(request.kind, outcome):
        await _say(connection, request.site, "agent", Role.AGENT, answer, request.id)
    return True


async def _say(connection: AsyncConnection, site: str, author: str, role: Role, text: str, job: str) -> None:
    message = Message(id=new_id(), site=site, author=author, role=role, text=text, job=job, at=datetime.now(UTC))
    await connection.execute(insert(messages).values(message.model_dump(exclude={"edited"})))


def request_from(row: Mapping[Any, Any]) -> JobRequest:
    """The request that a row was made from."""
    return JobRequest.model_validate(row["request"])


def job_from(row: Mapping[Any, Any]) -> Job:
    """A row as people see it."""
    request = request_from(row)
    outcome = Outcome.model_validate(row["outcome"]) if row["outcome"] else None
    return Job(
        **request.model_dump(include=_SHOWN),
        attachments=attached.names if (attached := attached_to(request)) else (),
        state=JobState(row["state"]),
        phase=None,
        version=outcome.version if outcome else None,
        answer=answer_of(request.kind, outcome) if outcome else "",
        error=outcome.error if outcome else None,
        steps=steps_of(events_from(row["events"])),
        finished_at=row["finished_at"],
        edits=row["edits"] or 0,
        scope=request.scope,
        turn=row["turn"] or row["id"],
    )


def events_from(stored: Sequence[tuple[str, JsonValue]]) -> list[tuple[str, Event]]:
    """A job's events as they were kept when it ended."""
    return [(position, Event.model_validate(event)) for position, event in stored]


def steps_of(events: Sequence[tuple[str, Event]]) -> list[JobStep]:
    """What of a job's events a person wants to read."""
    return [
        JobStep(at=_moment(position), phase=event.progress.phase, text=event.progress.text)
        for position, event in events
        if event.progress
    ]


def _moment(position: str) -> datetime:
    """A stream position starts with the milliseconds since 1970."""
    return datetime.fromtimestamp(int(position.partition("-")[0]) / 1000, UTC)
