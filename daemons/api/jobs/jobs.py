"""Jobs as people use them: ask for a change, look how it goes, read the chat, cancel."""

import logging
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.exc import IntegrityError

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.audit import record_action
from daemons.api.accounts.site_access import OwnedSite, visible_sites
from daemons.api.database.connection import Database
from daemons.api.database.paging import Page, page_of
from daemons.api.database.tables import jobs, messages, sites
from daemons.api.jobs.cancellation import cancel_in_queue
from daemons.api.jobs.edit_request import base_note, clean_message
from daemons.api.jobs.live_job import LiveJob, as_it_stands, ask_queue, live_job
from daemons.api.jobs.owned_job import OwnedJob, own_job
from daemons.api.jobs.repeated_requests import RepeatedRequests
from daemons.api.jobs.restore_request import restore_request
from daemons.api.jobs.rows import (
    Job,
    Message,
    Role,
    find_history,
    find_job,
    finish_job,
    insert_job,
    job_from,
    recent_remarks,
    unfinished,
)
from daemons.api.jobs.site_marks import ended_of, has_new_problems, mark_end
from daemons.api.jobs.uploads import AttachedList
from daemons.api.jobs.waiting_rows import WaitingRow, find_waiting, list_waiting
from shared.clients.job_queue import Event, JobQueue
from shared.clients.storage import StorageClient
from shared.domain.errors import Conflict, InvalidInput, NotFound, TooMany, Unavailable
from shared.domain.vocabulary import JobKind, JobRequest, Outcome
from shared.runtime.journal import log_context

_log = logging.getLogger(__name__)

_MOST_UNFINISHED = 20


class Jobs:
    """Everything about jobs; raises NotFound for what the user may not see, Unavailable if a part is away."""

    def __init__(self, database: Database, queue: JobQueue, storage: StorageClient) -> None:
        self._database = database
        self._queue = queue
        self._storage = storage
        self.repeated = RepeatedRequests(database)

    async def own(self, user: Account, job: str) -> OwnedJob:
        """A job of one of the user's sites; raises NotFound, the same whether it is another's or nobody's."""
        async with self._database.reading() as connection:
            return await own_job(connection, user, job)

    async def start_edit(
        self, site: OwnedSite, message: str, base: int | None, job: str, attached: AttachedList | None = None
    ) -> Job:
        """Ask for a change to a site, starting from the version `base` or the newest; `job` becomes the job's id.

        Raises InvalidInput for an empty or too long message or a base that does not exist.
        """
        note = await self._base_note(site.name, base, job) if base else ""
        names = attached.names if attached else ()
        asked = await self._start(
            JobRequest(
                id=job,
                site=site.name,
                kind=JobKind.EDIT,
                message=clean_message(message, names),
                author=site.user.email,
                base=base,
                upload=attached.upload if attached else None,
                upload_name="\n".join(names) or None,
                rules=site.row.checks,
                created_at=datetime.now(UTC),
            )
        )
        return asked.model_copy(update={"note": note})

    async def _base_note(self, site: str, base: int, job: str) -> str:
        latest = (await self._storage.head(site)).latest
        return base_note(base, latest, others_wait=await self._others_wait(site, job))

    async def _others_wait(self, site: str, job: str) -> bool:
        """Whether the site has an unfinished request beside this one."""
        async with self._database.reading() as connection:
            return any(request.id != job for request in await unfinished(connection, site))

    async def start_restore(self, site: OwnedSite, version: int, job: str) -> Job:
        """Ask for a new version with the content of an old one, to go on from there."""
        return await self._start(restore_request(site, job, f"Go back to version {version}.", base=version))

    async def start_undo(self, site: OwnedSite, version: int, job: str) -> Job:
        """Ask for a new version without the change of this one; raises InvalidInput for a first version.

        Of the newest, while nobody asks for another, that is its parent: a worker of the release before can do it.
        """
        parent = (await self._storage.version(site.name, version)).parent
        if parent is None:
            raise InvalidInput(f"Version {version} is the first one.", "There is nothing before it to go back to.")
        others_wait = await self._others_wait(site.name, job)
        is_newest = (await self._storage.head(site.name)).latest == version
        undo = None if is_newest and not others_wait else version
        return await self._start(
            restore_request(site, job, f"Undo the change of version {version}.", parent, undo=undo)
        )

    async def start_keep_asked(self, site: OwnedSite, version: int, job: str) -> Job:
        """Ask for a new version without what this one changed and nobody asked for; its worker says what that is."""
        message = f"Keep only what was asked for of version {version}."
        return await self._start(restore_request(site, job, message, version, keep_asked=version))

    async def _start(self, request: JobRequest) -> Job:
        """Record and queue a job for a site that exists; a job whose id is known already is left as it is."""
        await self._check_base(request)
        await self._queue.ping()
        try:
            async with self._database.writing() as connection:
                if len(await unfinished(connection, request.site)) >= _MOST_UNFINISHED:
                    raise TooMany(
                        "Too many requests for this site are waiting.", "Wait until some are done, or stop some."
                    )
                request = request.model_copy(update={"conversation": await recent_remarks(connection, request.site)})
                await insert_job(connection, request)
                await record_action(connection, request.author, f"job.{request.kind}", request.site, job=request.id)
        except IntegrityError:
            _log.info("this job was asked for before")
        return await self.submit(request)

    async def submit(self, request: JobRequest) -> Job:
        """Queue a job that is recorded; if that fails it stays recorded, and the reconciler submits it later."""
        with log_context(site=request.site, job=request.id):
            try:
                if await self._queue.submit(request):
                    _log.info("job queued")
            except Unavailable:
                _log.warning("the queue was lost after the job was recorded; the reconciler will submit it")
        return await self._recorded(request.id)

    async def show(self, job: OwnedJob) -> LiveJob:
        """A job as it stands now."""
        known = await ask_queue(self._queue, [job.recorded])
        return as_it_stands(job.recorded, known.get(job.id))

    async def history(self, job: str) -> tuple[Job, list[tuple[str, Event]]] | None:
        """A job as SQL has it, whoever asked, and the events that were kept of it when it ended."""
        async with self._database.reading() as connection:
            return await find_history(connection, job)

    async def list_own(self, user: Account, cursor: str | None, limit: int) -> Page[Job]:
        """The jobs that the user asked for, newest first; none of deleted sites."""
        visible = select(sites.c.name).where(visible_sites(user))
        return await self._list(and_(jobs.c.author == user.email, jobs.c.site.in_(visible)), cursor, limit)

    async def list_of_site(self, site: OwnedSite, cursor: str | None, limit: int) -> Page[Job]:
        """All jobs of a site, newest first."""
        return await self._list(jobs.c.site == site.name, cursor, limit)

    async def _list(self, condition: ColumnElement[bool], cursor: str | None, limit: int) -> Page[Job]:
        query = select(jobs).where(condition).order_by(jobs.c.id.desc()).limit(limit + 1)
        if cursor is not None:
            query = query.where(jobs.c.id < cursor)
        async with self._database.reading() as connection:
            rows = [job_from(row) for row in (await connection.execute(query)).mappings()]
        page = page_of(rows, limit, lambda job: job.id)
        known = await ask_queue(self._queue, page.items)
        items = [live_job(job, known[job.id].status) if job.id in known else job for job in page.items]
        return Page(items=items, next=page.next)

    async def chat(self, site: OwnedSite, cursor: str | None, limit: int) -> Page[Message]:
        """What was said about a site, newest first."""
        edited = and_(messages.c.role == Role.USER, func.coalesce(jobs.c.edits, 0) > 0).label("edited")
        query = select(messages, edited).join(jobs, jobs.c.id == messages.c.job).where(messages.c.site == site.name)
        query = query.order_by(messages.c.id.desc()).limit(limit + 1)
        if cursor is not None:
            query = query.where(messages.c.id < cursor)
        async with self._database.reading() as connection:
            rows = [Message.model_validate(dict(row)) for row in (await connection.execute(query)).mappings()]
        return page_of(rows, limit, lambda message: message.id)

    async def cancel(self, job: OwnedJob) -> LiveJob:
        """Cancel a job: at once if nobody works on it, else its worker stops soon. A finished job stays as it is."""
        if job.recorded.state.final:
            return LiveJob(job.recorded)
        await cancel_in_queue(self._queue, job.request)
        async with self._database.writing() as connection:
            await record_action(connection, job.user.email, "job.cancel", job.request.site, job=job.id)
        return await self.show(job)

    async def finish(self, request: JobRequest, outcome: Outcome) -> None:
        """Record how a job ended, with what the queue remembers of the way there."""
        with log_context(site=request.site, job=request.id):
            events = await self._queue.events(request.id)
            ended = ended_of(
                request.kind, outcome, has_new=await has_new_problems(self._storage, request.site, outcome)
            )
            async with self._database.writing() as connection:
                if await finish_job(connection, request, outcome, events):
                    await mark_end(connection, request.site, ended, outcome.version)
                    _log.info("the job ended: %s", outcome.state)

    async def unfinished_row(self, job: str) -> WaitingRow | None:
        """A job that has not ended as far as SQL knows, whoever asked."""
        async with self._database.reading() as connection:
            row = await find_waiting(connection, job)
        return row if row and not row.is_final else None

    async def unfinished(self) -> list[WaitingRow]:
        """Every job that has not ended as far as SQL knows, in the order in which they run."""
        async with self._database.reading() as connection:
            return await list_waiting(connection)

    async def _recorded(self, job: str) -> Job:
        async with self._database.reading() as connection:
            found = await find_job(connection, job)
        assert found
        return found[0]

    async def _check_base(self, request: JobRequest) -> None:
        """An edit needs a version to start from, now or by the time its turn comes."""
        if request.kind not in (JobKind.EDIT, JobKind.RESTORE):
            return
        if request.base is not None:
            try:
                await self._storage.version(request.site, request.base)
            except NotFound:
                raise InvalidInput(
                    f"There is no version {request.base} of {request.site} to start from.", "List the versions."
                ) from None
        elif (await self._storage.head(request.site)).latest is None:
            async with self._database.reading() as connection:
                if not await unfinished(connection, request.site):
                    raise Conflict(f"{request.site} has no version to change yet.", "Create the site once more.")
