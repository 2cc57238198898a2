"""Jobs that wait, in SQL: their order, and edits of which it is not known yet whether they came before a worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import ColumnElement, and_, func, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.accounts.audit import record_action
from daemons.api.database.tables import jobs, messages
from daemons.api.jobs.rows import TURN, UNFINISHED, Job, Role, job_from, request_from
from shared.domain.scope import Scope
from shared.domain.vocabulary import JobRequest, Record

_edits = func.coalesce(jobs.c.edits, 0)


class PendingEdit(Record):
    """An edit that the queue has to decide; `number` counts the edits of its job.

    `scope` is what the request concerns from now on, None if nobody said so of this message.
    """

    message: str
    actor: str
    number: int
    scope: Annotated[Scope | None, Field(exclude_if=lambda scope: scope is None)] = None


@dataclass(frozen=True)
class WaitingRow:
    """A job that has not ended as far as SQL knows, unless it `is_final`."""

    job: Job
    request: JobRequest
    pending: PendingEdit | None

    @property
    def id(self) -> str:
        return self.job.id

    @property
    def is_final(self) -> bool:
        return self.job.state.final

    @property
    def wished(self) -> JobRequest:
        """The request with the edit that is pending."""
        edit = self.pending
        return self.request.model_copy(update={"message": edit.message, "scope": edit.scope}) if edit else self.request

    @property
    def number(self) -> int:
        """Which edit that is."""
        return self.pending.number if self.pending else self.job.edits


async def find_waiting(connection: AsyncConnection, job: str) -> WaitingRow | None:
    """A job, whether it waits or has ended."""
    row = (await connection.execute(select(jobs).where(jobs.c.id == job))).mappings().one_or_none()
    return _waiting(row) if row else None


async def list_waiting(
    connection: AsyncConnection, site: str | None = None, also: Sequence[str] = ()
) -> list[WaitingRow]:
    """The jobs that have not ended, of a site or of all, in the order in which they run; `also` some that have."""
    wanted = or_(jobs.c.state.in_(UNFINISHED), jobs.c.id.in_(also)) if also else jobs.c.state.in_(UNFINISHED)
    query = select(jobs).where(wanted).order_by(TURN)
    if site is not None:
        query = query.where(jobs.c.site == site)
    return [_waiting(row) for row in (await connection.execute(query)).mappings()]


async def propose_edit(connection: AsyncConnection, row: WaitingRow) -> bool:
    """Note the edit of a row; False if the job was edited since, or another edit is pending."""
    assert row.pending
    free = and_(_was_not_edited_since(row), jobs.c.pending_edit.is_(null()))
    result = await connection.execute(update(jobs).where(free).values(pending_edit=row.pending.model_dump(mode="json")))
    return bool(result.rowcount)


async def apply_edit(connection: AsyncConnection, row: WaitingRow) -> None:
    """The queue has taken the edit of a row: job, chat and audit trail say so, once."""
    assert row.pending
    changed = {"request": row.wished.model_dump(mode="json"), "edits": row.number, "pending_edit": null()}
    result = await connection.execute(update(jobs).where(_was_not_edited_since(row)).values(changed))
    if not result.rowcount:
        return
    job, after = row.id, row.pending.message
    asked = and_(messages.c.job == job, messages.c.role == Role.USER)
    await connection.execute(update(messages).where(asked).values(text=after))
    told = {"job": job, "before": row.request.message, "after": after}
    await record_action(connection, row.pending.actor, "job.edit", row.request.site, **told)


async def refuse_edit(connection: AsyncConnection, row: WaitingRow) -> None:
    """The queue has not taken the edit of a row."""
    await connection.execute(update(jobs).where(_was_not_edited_since(row)).values(pending_edit=null()))


async def write_turns(connection: AsyncConnection, turns: Mapping[str, str]) -> None:
    """Let jobs have other turns."""
    for job, turn in turns.items():
        await connection.execute(update(jobs).where(jobs.c.id == job).values(turn=turn))


def new_edit(row: WaitingRow, message: str, actor: str, scope: Scope | None = None) -> PendingEdit:
    """The next edit of a job."""
    return PendingEdit(message=message, actor=actor, number=row.job.edits + 1, scope=scope)


def _was_not_edited_since(row: WaitingRow) -> ColumnElement[bool]:
    return and_(jobs.c.id == row.id, _edits == row.job.edits)


def _waiting(row: Mapping[Any, Any]) -> WaitingRow:
    return WaitingRow(
        job=job_from(row),
        request=request_from(row),
        pending=PendingEdit.model_validate(row["pending_edit"]) if row["pending_edit"] else None,
    )
