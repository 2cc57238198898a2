"""Reads what the page of one site shows: two statements at most, one step of the queue, one request to storage."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from daemons.api.accounts.site_access import OwnedSite, SiteRow
from daemons.api.database.connection import Database
from daemons.api.database.tables import jobs
from daemons.api.jobs.ended_jobs import EndedJobs
from daemons.api.jobs.live_job import LiveJob, as_it_stands, ask_queue
from daemons.api.jobs.rows import Job
from daemons.api.sites.site_record import Site, site_from
from shared.clients.job_queue import JobQueue
from shared.clients.storage import StorageClient
from shared.domain.manifest import Manifest
from shared.domain.site_overview import SiteOverview
from shared.domain.vocabulary import Deployment, Slot

JOBS_SHOWN = 40
VERSIONS_SHOWN = 25
_of_site = jobs.c.site == bindparam("name")
_total = select(func.count()).select_from(jobs).where(_of_site).scalar_subquery()
_LAST_JOBS = select(jobs.c.id, _total.label("total")).where(_of_site).order_by(jobs.c.id.desc()).limit(JOBS_SHOWN)


@dataclass(frozen=True)
class Workspace:
    """A site with its last jobs, oldest first, how many came before these, and its newest versions and others."""

    site: Site
    desired: Mapping[Slot, Deployment]
    jobs: Sequence[LiveJob]
    earlier_jobs: int
    versions: Sequence[Manifest]
    more_versions_before: int | None
    known: Mapping[int, Manifest]
    published: Sequence[Deployment] = ()


class Workspaces:
    """Reads workspaces; raises Unavailable if a part is away."""

    def __init__(self, database: Database, queue: JobQueue, storage: StorageClient, sites_url: str) -> None:
        self._database = database
        self._queue = queue
        self._storage = storage
        self._sites_url = sites_url
        self._ended_jobs = EndedJobs()

    async def read(self, site: OwnedSite, *versions: int) -> Workspace:
        """The site's workspace, and in it those of these versions that exist."""
        recorded, earlier = await self._recorded(site.name)
        numbers = {job.version for job in recorded if job.version} | {*versions}
        known, overview = await asyncio.gather(
            ask_queue(self._queue, recorded), self._storage.overview(site.name, VERSIONS_SHOWN, numbers)
        )
        turns = [as_it_stands(job, known.get(job.id)) for job in reversed(recorded)]
        return self._workspace(site.row, turns, earlier, overview)

    def _workspace(self, row: SiteRow, turns: Sequence[LiveJob], earlier: int, overview: SiteOverview) -> Workspace:
        return Workspace(
            site=site_from(row, overview.head, self._sites_url),
            desired=overview.head.slots,
            jobs=turns,
            earlier_jobs=earlier,
            versions=overview.versions,
            more_versions_before=overview.next,
            known=overview.known,
            published=overview.published,
        )

    async def _recorded(self, name: str) -> tuple[list[Job], int]:
        """A site's last jobs, newest first, and how many came before them."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_LAST_JOBS, {"name": name})).all()
            recorded = await self._ended_jobs.read(connection, [row.id for row in rows])
        return recorded, rows[0].total - len(rows) if rows else 0
