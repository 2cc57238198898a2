"""Reads what the page of one site shows: four statements at most, one step of the queue, one request to storage."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.site_access import SiteRow, own_site
from daemons.api.database.connection import Database
from daemons.api.database.tables import jobs
from daemons.api.jobs.live_job import ask_queue, live_job
from daemons.api.jobs.rows import Job, job_from
from daemons.api.sites.site_record import Site, site_from
from shared.clients.job_queue import JobQueue, KnownJob
from shared.clients.storage import StorageClient
from shared.domain.manifest import Manifest
from shared.domain.site_overview import SiteOverview
from shared.domain.vocabulary import Deployment, Slot

JOBS_SHOWN = 40
VERSIONS_SHOWN = 25


@dataclass(frozen=True)
class WorkspaceJob:
    """A job as it stands now; `stopping` says that somebody has cancelled it and its worker has not ended it yet."""

    job: Job
    stopping: bool


@dataclass(frozen=True)
class Workspace:
    """A site with its last jobs, oldest first, how many came before these, and its newest versions and others."""

    site: Site
    desired: Mapping[Slot, Deployment]
    jobs: Sequence[WorkspaceJob]
    earlier_jobs: int
    versions: Sequence[Manifest]
    more_versions_before: int | None
    known: Mapping[int, Manifest]


class Workspaces:
    """Reads workspaces; raises NotFound for what the user may not see, Unavailable if a part is away."""

    def __init__(self, database: Database, queue: JobQueue, storage: StorageClient, sites_url: str) -> None:
        self._database = database
        self._queue = queue
        self._storage = storage
        self._sites_url = sites_url

    async def read(self, user: Account, name: str, version: int | None) -> Workspace:
        """The site's workspace, and in it this version, if there is one."""
        row, recorded, earlier = await self._recorded(user, name)
        numbers = {job.version for job in recorded if job.version} | ({version} if version else set())
        known, overview = await asyncio.gather(
            ask_queue(self._queue, recorded), self._storage.overview(row.name, VERSIONS_SHOWN, numbers)
        )
        turns = [_as_it_stands(job, known.get(job.id)) for job in reversed(recorded)]
        return self._workspace(row, turns, earlier, overview)

    def _workspace(
        self, row: SiteRow, turns: Sequence[WorkspaceJob], earlier: int, overview: SiteOverview
    ) -> Workspace:
        return Workspace(
            site=site_from(row, overview.head, self._sites_url),
            desired=overview.head.slots,
            jobs=turns,
            earlier_jobs=earlier,
            versions=overview.versions,
            more_versions_before=overview.next,
            known=overview.known,
        )

    async def _recorded(self, user: Account, name: str) -> tuple[SiteRow, list[Job], int]:
        """The site, its last jobs, newest first, and how many came before them."""
        query = select(jobs).where(jobs.c.site == name).order_by(jobs.c.id.desc()).limit(JOBS_SHOWN + 1)
        async with self._database.reading() as connection:
            row = await own_site(connection, user, name)
            rows = (await connection.execute(query)).mappings().all()
            if len(rows) <= JOBS_SHOWN:
                return row, list(map(job_from, rows)), 0
            total = (await connection.execute(select(func.count()).where(jobs.c.site == name))).scalar_one()
        return row, list(map(job_from, rows[:JOBS_SHOWN])), int(total) - JOBS_SHOWN


def _as_it_stands(job: Job, known: KnownJob | None) -> WorkspaceJob:
    if known is None:
        return WorkspaceJob(job, stopping=False)
    return WorkspaceJob(live_job(job, known.status, known.events), stopping=known.status.cancel_asked)
