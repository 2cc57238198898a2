"""What people may still change of requests that wait: their text, their order, whether they are made at all.

The queue decides in one step whether a worker was earlier, and SQL follows. An edit is noted in SQL before that step:
an api that dies in between, or a Redis that forgets, loses none, because the reconciler asks the queue once more.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

from pydantic import JsonValue

from daemons.api.accounts.audit import record_action
from daemons.api.accounts.site_access import OwnedSite
from daemons.api.database.connection import Database
from daemons.api.jobs.edit_request import clean_message
from daemons.api.jobs.live_job import LiveJob, as_it_stands, ask_queue
from daemons.api.jobs.owned_job import OwnedJob
from daemons.api.jobs.queue_order import begun, moved, turns
from daemons.api.jobs.rows import Job
from daemons.api.jobs.site_feed import SiteFeed
from daemons.api.jobs.waiting_rows import (
    WaitingRow,
    apply_edit,
    find_waiting,
    list_waiting,
    new_edit,
    propose_edit,
    refuse_edit,
    write_turns,
)
from shared.clients.job_queue import JobQueue, KnownJob
from shared.clients.storage import StorageClient
from shared.clients.waiting_jobs import EditResult
from shared.domain.errors import Conflict
from shared.domain.scope import Scope, ScopeSource
from shared.domain.vocabulary import JobKind, JobRequest, JobState, Record
from shared.runtime.journal import log_context

_log = logging.getLogger(__name__)


class Withdrawal(Record):
    """Which jobs were withdrawn, and which had begun: they go on, or have ended by now."""

    withdrawn: list[Job]
    begun: list[Job]


class WaitingRequests:
    """Changes requests that wait; every method raises Unavailable if a part is away."""

    def __init__(self, database: Database, queue: JobQueue, storage: StorageClient, feed: SiteFeed) -> None:
        self._database = database
        self._queue = queue
        self._storage = storage
        self._feed = feed

    async def edit(self, job: OwnedJob, message: str, edits: int | None, scope: Scope | None = None) -> None:
        """Change what a request says; `edits` is how often it had been edited when the person saw it.

        `scope` is what it concerns, as the person says; without one it is what the new message says.
        Raises Conflict if it has begun, or was edited since; InvalidInput for a message that can't be kept.
        """
        if job.request.kind is not JobKind.EDIT:
            raise Conflict("Only a request in words can be edited.", "Stop it, and ask for something else.")
        text = clean_message(message, job.recorded.attachments)
        async with self._database.reading() as connection:
            row = await find_waiting(connection, job.id)
        assert row
        if edits is not None and edits != row.job.edits:
            raise _edited()
        said = scope.model_copy(update={"source": ScopeSource.OWNER}) if scope else None
        if text == row.request.message and said in (None, row.request.scope) and not row.pending:
            return
        edited = replace(row, pending=new_edit(row, text, job.user.email, said))
        async with self._database.writing() as connection:
            if not await propose_edit(connection, edited):
                raise _edited()
        result = await self.settle(edited)
        if result is EditResult.BEGUN:
            raise begun()
        if result is not EditResult.EDITED:
            raise Conflict("This request has ended.", "Ask for what should be otherwise.")

    async def settle(self, row: WaitingRow) -> EditResult:
        """Let the queue decide about the edit that is pending, and SQL follow; who does it twice gets the same."""
        result = await self._queue.edit(row.wished, row.number)
        if result is EditResult.UNKNOWN and not row.is_final and await self._submit_if_undone(row.request):
            result = await self._queue.edit(row.wished, row.number)
        async with self._database.writing() as connection:
            await (apply_edit if result is EditResult.EDITED else refuse_edit)(connection, row)
        self._feed.tell(row.request.site)
        return result

    async def submit_again(self, job: str) -> None:
        """Queue a job that the queue has forgotten, as SQL has it now; not one that has ended."""
        async with self._database.reading() as connection:
            row = await find_waiting(connection, job)
        if row and not row.is_final and await self._queue.submit(row.wished, row.number):
            _log.warning("the queue had lost this job; it is queued again")

    async def _submit_if_undone(self, request: JobRequest) -> bool:
        """The same, unless its version is there: False."""
        with log_context(site=request.site, job=request.id):
            if await self._storage.version_of_job(request.site, request.id):
                return False
            await self.submit_again(request.id)
            return True

    async def list_waiting(self, site: OwnedSite) -> list[Job]:
        """The jobs of a site that no worker has begun, in the order in which they will run."""
        async with self._database.reading() as connection:
            rows = await list_waiting(connection, site.name)
        return [live.job for live in await self._live(rows) if live.waits]

    async def move(self, job: OwnedJob, before: str | None) -> None:
        """Let a request run directly before another one of its site, or last; raises Conflict if that can't be."""
        site = job.request.site
        known = await self._queue.known(await self._order(site))
        async with self._database.writing() as connection:
            rows = await list_waiting(connection, site)
            order, turn = [row.id for row in rows], {row.id: row.job.turn for row in rows}
            wanted = moved(order, job.id, before, {row.id for row in rows if not _is_movable(row, known)})
            await write_turns(connection, turns(order, wanted, turn))
            told: dict[str, JsonValue] = {"job": job.id, "before": [*order], "after": [*wanted]}
            await record_action(connection, job.user.email, "job.move", site, **told)
        waiting = await self.arrange(site)
        self._feed.tell(site)
        if job.id not in waiting:
            raise begun()

    async def arrange(self, site: str) -> list[str]:
        """Let the queue follow the order that SQL has now; gives the jobs that wait there."""
        while True:
            order = await self._order(site)
            waiting = await self._queue.arrange(site, order)
            if order == await self._order(site):
                return waiting

    async def withdraw(self, site: OwnedSite, seen: Sequence[str]) -> Withdrawal:
        """Cancel what somebody has `seen` waiting, or else all of a site that waits; what has begun goes on."""
        async with self._database.reading() as connection:
            rows = await list_waiting(connection, site.name, seen)
        chosen = [row for row in rows if not seen or row.id in seen]
        waiting = [row for row in chosen if not row.is_final]
        states = await self._queue.withdraw([row.id for row in waiting])
        for row in waiting:
            if row.id not in states and await self._submit_if_undone(row.request):
                states |= await self._queue.withdraw([row.id])
        gone = {row.id for row in waiting if states.get(row.id) is JobState.CANCELLED}
        async with self._database.writing() as connection:
            for job in sorted(gone):
                await record_action(connection, site.user.email, "job.cancel", site.name, job=job)
        live = [one.job for one in await self._live(chosen)]
        begun = [job for job in live if job.id not in gone and job.state is not JobState.CANCELLED]
        return Withdrawal(withdrawn=[job for job in live if job.id in gone], begun=begun)

    async def _live(self, rows: Sequence[WaitingRow]) -> list[LiveJob]:
        recorded = [row.job for row in rows]
        known = await ask_queue(self._queue, recorded)
        return [as_it_stands(job, known.get(job.id)) for job in recorded]

    async def _order(self, site: str) -> list[str]:
        async with self._database.reading() as connection:
            return [row.id for row in await list_waiting(connection, site)]


def _is_movable(row: WaitingRow, known: dict[str, KnownJob]) -> bool:
    """Whether it is in words and was never begun; the queue has forgotten those that it does not know."""
    told = known.get(row.id)
    return row.request.kind is JobKind.EDIT and (told is None or told.status.waits)


def _edited() -> Conflict:
    return Conflict("This request was edited meanwhile.", "Look at what it says now.")
