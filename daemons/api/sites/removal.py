"""Deleting a site, and bringing it back within 30 days. Storage keeps its versions; one without any goes at once."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.site_access import GRACE, OwnedRemovedSite, OwnedSite, SiteRow
from daemons.api.database.connection import Database
from daemons.api.jobs.cancellation import cancel_in_queue
from daemons.api.jobs.rows import unfinished
from daemons.api.jobs.site_feed import SiteFeed
from daemons.api.sites.address_records import follow_record
from daemons.api.sites.removed_rows import (
    EXPIRY,
    forget_requests,
    hidden_sites,
    list_removed,
    mark_gone,
    mark_removed,
    unmark_removed,
)
from shared.clients.job_queue import JobQueue
from shared.clients.storage import StorageClient
from shared.domain.errors import Conflict, Gone, NotFound
from shared.domain.vocabulary import JobRequest, Record
from shared.runtime.journal import log_context

_log = logging.getLogger(__name__)
_JOBS_END = timedelta(days=1)


class RemovedSite(Record):
    """A deleted site; until `until` it can be brought back. Null: it had no version, and its name is free again.

    `late` is told by who deletes it: why visitors may still see it, empty if nothing of it was seen.
    """

    name: str
    title: str
    owner: str
    removed_at: datetime
    removed_by: str
    until: datetime | None
    late: str = ""


# Makes visitors get nothing of a site; tells why they may still get something.
TakeDown = Callable[[OwnedSite], Awaitable[str]]


class Removal:
    """Deletes sites; raises Unavailable if a part is away."""

    def __init__(
        self, database: Database, queue: JobQueue, storage: StorageClient, feed: SiteFeed, take_down: TakeDown
    ) -> None:
        self._database = database
        self._queue = queue
        self._storage = storage
        self._feed = feed
        self._take_down = take_down

    async def remove(self, site: OwnedSite) -> RemovedSite:
        """Take a site down, hide it and stop its jobs; one without a version or a job at work is gone at once."""
        await self._queue.ping()
        late = await self._take_down(site)
        now, by = datetime.now(UTC), site.user.email
        with log_context(site=site.name):
            async with self._database.writing() as connection:
                await mark_removed(connection, site.name, by, now)
                waiting = await unfinished(connection, site.name)
            is_gone = await self._stop(waiting) and await self._forget_unmade(site.name, now)
            _log.info("the site was deleted by %s", by)
        self._feed.tell(site.name)
        return _removed(site.row, now, by, None if is_gone else now + GRACE).model_copy(update={"late": late})

    async def remove_unmade(self, site: OwnedSite) -> RemovedSite:
        """Delete a site that has no version, as after a failed import, at once; its name is free. Raises Conflict."""
        has_versions = (await self._storage.head(site.name)).latest is not None
        async with self._database.reading() as connection:
            is_busy = bool(await unfinished(connection, site.name))
        if has_versions:
            raise Conflict(f"The site {site.name} has a version.", "Delete it in its settings.")
        if is_busy:
            raise Conflict(f"The site {site.name} is being made.", "Stop that first.")
        return await self.remove(site)

    async def bring_back(self, site: OwnedRemovedSite) -> None:
        """Show a deleted site again; raises Gone once its time is over."""
        async with self._database.writing() as connection:
            if not await unmark_removed(connection, site.row.name, site.user.email, datetime.now(UTC)):
                raise Gone(f"The site {site.row.name} can’t be brought back any more.", "Make a new site.")

    async def list_removed(self, user: Account) -> list[RemovedSite]:
        """The deleted sites that the user may bring back, the last one first; at most 100."""
        async with self._database.reading() as connection:
            rows = await list_removed(connection, user, datetime.now(UTC))
        return [_removed(row, row.removed_at, row.removed_by, row.removed_at + GRACE) for row in rows if row.removed_at]

    async def tend(self, now: datetime) -> None:
        """Stop what still works for deleted sites, and delete for good those whose time is over or that have nothing.

        Doing it twice, or in several apis at once, is doing it once.
        """
        async with self._database.reading() as connection:
            rows = await hidden_sites(connection)
            working = await unfinished(connection) if rows else []
        for row in rows:
            with log_context(site=row.name):
                is_idle = await self._stop([request for request in working if request.site == row.name])
                # What was in a worker's hands has ended by then.
                if is_idle and row.removed_at and now < row.removed_at + _JOBS_END:
                    await self._forget_unmade(row.name, now)
                if row.is_gone(now) and await self._leave_addresses(row, now):
                    async with self._database.writing() as connection:
                        await mark_gone(connection, row.name, now)

    async def _leave_addresses(self, row: SiteRow, now: datetime) -> bool:
        """Let others have the address of a site that goes for good; False if it has to be tried again."""
        if row.address is None:
            return True
        try:
            record = await self._storage.move_address(row.name, row.name, now, EXPIRY, row.address)
        except (Conflict, NotFound) as error:  # SQL has not heard of the last move yet, or storage is an older one
            _log.warning("the site keeps its address for now: %s", error.detail)
            return False
        async with self._database.writing() as connection:
            await follow_record(connection, row.name, record, now)
        return True

    async def _stop(self, requests: Sequence[JobRequest]) -> bool:
        """Cancel these jobs; False while a worker still has one in its hands."""
        states = [await cancel_in_queue(self._queue, request) for request in requests]
        return all(state is not None and state.final for state in states)

    async def _forget_unmade(self, name: str, now: datetime) -> bool:
        """Delete a hidden site for good if it has no version; whether it has none."""
        if (await self._storage.head(name)).latest is not None:
            return False
        async with self._database.writing() as connection:
            await forget_requests(connection, name)
            await mark_gone(connection, name, now)
        return True


def _removed(row: SiteRow, at: datetime, by: str | None, until: datetime | None) -> RemovedSite:
    return RemovedSite(name=row.name, title=row.title, owner=row.owner, removed_at=at, removed_by=by or "", until=until)
