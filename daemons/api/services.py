"""The services that JSON routes and pages call, and how they are put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple

from daemons.api.accounts.accounts import Accounts
from daemons.api.accounts.audit import AuditTrail
from daemons.api.accounts.credentials import Credentials
from daemons.api.accounts.idempotency import Idempotency
from daemons.api.accounts.identity import Identity
from daemons.api.accounts.mailer import Mailer, open_mailer
from daemons.api.accounts.site_access import SiteAccess
from daemons.api.background.reconciler import Reconciler
from daemons.api.database.connection import Database, open_database
from daemons.api.jobs.events import JobEvents
from daemons.api.jobs.jobs import Jobs
from daemons.api.jobs.site_feed import SiteFeed
from daemons.api.jobs.uploads import Uploads
from daemons.api.jobs.waiting_requests import WaitingRequests
from daemons.api.publishing.keeping_all import KeepingAll
from daemons.api.publishing.moving import Moving
from daemons.api.publishing.preview_gate import PreviewGate
from daemons.api.publishing.publication_plan import PublicationPlans
from daemons.api.publishing.publishing import Publishing
from daemons.api.publishing.taking_down import TakingDown
from daemons.api.publishing.web_hosts import WebHosts
from daemons.api.sites.exports import Exports
from daemons.api.sites.orphans import Orphans
from daemons.api.sites.removal import Removal
from daemons.api.sites.site_list import SiteList
from daemons.api.sites.site_settings import SiteSettings
from daemons.api.sites.sites import Sites
from daemons.api.sites.versions import Versions
from daemons.api.sites.wished_versions import WishedVersions
from daemons.api.sites.workspace import Workspaces
from daemons.api.status.status_service import StatusService, open_status
from shared.clients.job_queue import JobQueue
from shared.clients.storage import StorageClient
from shared.runtime.settings import ApiSettings


@dataclass(frozen=True)
class Services:
    """Everything that the api can do, apart from HTTP. All of it raises `shared.domain.errors` and nothing else."""

    settings: ApiSettings
    accounts: Accounts
    credentials: Credentials
    identity: Identity
    site_access: SiteAccess
    sites: Sites
    site_list: SiteList
    workspaces: Workspaces
    jobs: Jobs
    waiting: WaitingRequests
    job_events: JobEvents
    uploads: Uploads
    feed: SiteFeed
    versions: Versions
    wished_versions: WishedVersions
    publishing: Publishing
    moving: Moving
    publication_plans: PublicationPlans
    audit: AuditTrail
    orphans: Orphans
    removal: Removal
    exports: Exports
    site_settings: SiteSettings
    idempotency: Idempotency
    reconciler: Reconciler
    status: StatusService
    database: Database
    queue: JobQueue
    storage: StorageClient

    @property
    def keeping_all(self) -> KeepingAll:
        """Lets a person keep also what nobody asked for."""
        return KeepingAll(self.storage, self.publishing, self.audit)

    async def check_ready(self) -> None:
        """Raises Unavailable naming the part that can't be reached."""
        await self.database.ping()
        await self.queue.ping()
        await self.storage.ping()


@asynccontextmanager
async def open_services(settings: ApiSettings) -> AsyncIterator[Services]:
    """All services, connected; the database's tables are up to date."""
    token = settings.storage_api_token.get_secret_value()
    async with (
        open_database(settings.api_database_url.get_secret_value()) as database,
        JobQueue.open(settings.redis_url.get_secret_value()) as queue,
        StorageClient(settings.storage_address, token) as storage,
        WebHosts(settings.api_probe_addresses, settings.api_sites_url) as web_hosts,
        open_status(settings, database, web_hosts) as status,
        open_mailer(settings) as mailer,
        SiteFeed(queue) as feed,
    ):
        yield _compose(_Opened(settings, database, queue, storage, web_hosts, status, mailer, feed))


class _Opened(NamedTuple):
    """What has to be opened, and closed at the end."""

    settings: ApiSettings
    database: Database
    queue: JobQueue
    storage: StorageClient
    web_hosts: WebHosts
    status: StatusService
    mailer: Mailer
    feed: SiteFeed


def _compose(opened: _Opened) -> Services:
    settings, database, queue, storage, web_hosts, status, mailer, feed = opened
    credentials = Credentials(database)
    accounts = Accounts(database, credentials, settings.api_public_url, mailer)
    gate = PreviewGate(storage, web_hosts)
    jobs = Jobs(database, queue, storage)
    job_events = JobEvents(jobs, queue)
    waiting = WaitingRequests(database, queue, storage, feed)
    publishing = Publishing(storage, database, web_hosts, feed)
    return Services(
        settings=settings,
        accounts=accounts,
        credentials=credentials,
        identity=Identity(accounts, settings.api_public_url),
        site_access=SiteAccess(database),
        sites=Sites(database, queue, storage, jobs, settings.api_sites_url),
        site_list=SiteList(database, storage, settings.api_sites_url),
        workspaces=Workspaces(database, queue, storage, settings.api_sites_url),
        jobs=jobs,
        waiting=waiting,
        job_events=job_events,
        uploads=Uploads(database, storage),
        feed=feed,
        versions=Versions(storage),
        wished_versions=WishedVersions(storage),
        publishing=publishing,
        moving=Moving(storage, database, web_hosts, feed, settings.api_sites_url),
        publication_plans=PublicationPlans(storage, settings.api_sites_url),
        audit=AuditTrail(database),
        orphans=Orphans(database, storage),
        exports=Exports(storage),
        site_settings=SiteSettings(database),
        removal=Removal(database, queue, storage, feed, TakingDown(storage, publishing).take_down),
        idempotency=Idempotency(database),
        reconciler=Reconciler(jobs, queue, storage, gate, job_events, feed, waiting),
        status=status,
        database=database,
        queue=queue,
        storage=storage,
    )
