"""Reads what the page of one site shows: two statements at most, one step of the queue, one request to storage."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, select

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
_MOST_JOBS = 200
_BEHIND_ALL = "~"  # sorts behind every id
_of_site = and_(jobs.c.site == bindparam("name"), jobs.c.id < bindparam("before"))
_total = select(func.count()).select_from(jobs).where(_of_site).scalar_subquery()
_JOBS = (
    select(jobs.c.id, _total.label("total"))
    .where(_of_site, jobs.c.id >= bindparam("since"))
    .order_by(jobs.c.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class Span:
    """Which jobs are shown: the last ones, those `before` a job, or all `since` one that was shown already."""

    since: str = ""
    before: str = ""


LAST_JOBS = Span()


@dataclass(frozen=True)
class Workspace:
    """A site with its last jobs, oldest first, how many came before these, and its newest versions and others.

    With a span they are other jobs than the last.
    """

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

    async def read(self, site: OwnedSite, *versions: int, span: Span = LAST_JOBS) -> Workspace:
        """The site's workspace, and in it those of these versions that exist."""
        recorded, earlier = await self._recorded(site.name, span)
        numbers = {job.version for job in recorded if job.version} | {*versions}
        known, overview = await asyncio.gather(
            ask_queue(self._queue, recorded), self._storage.overview(site.name, VERSIONS_SHOWN, numbers)
        )
        turns = [as_it_stands(job, known.get(job.id)) for job in sorted(recorded, key=lambda job: job.turn)]
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

    async def _recorded(self, name: str, span: Span) -> tuple[list[Job], int]:
        """A site's last jobs of a span, newest first, and how many came before them."""
        most = _MOST_JOBS if span.since else JOBS_SHOWN
        named = {"name": name, "since": span.since, "before": span.before or _BEHIND_ALL, "most": most}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_JOBS, named)).all()
            recorded = await self._ended_jobs.read(connection, [row.id for row in rows])
        return recorded, rows[0].total - len(rows) if rows else 0
