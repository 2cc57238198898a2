"""Asks every part at once how it is, and puts the report together."""

from asyncio import gather, to_thread
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from daemons.api.database.connection import Database
from daemons.api.publishing.web_host import HostAnswer
from daemons.api.publishing.web_hosts import WebHosts
from daemons.api.status.asking import ask
from daemons.api.status.comparison import (
    Digests,
    compared,
    desired_deployments,
    reachable,
    served_versions,
    with_reasons,
)
from daemons.api.status.history import recent_history
from daemons.api.status.parts import about_model, host_part, own_part, part_of
from daemons.api.status.problems import problems
from daemons.api.status.report import PartName, QueueReport, StatusReport, WebHost
from shared.clients.job_queue import JobQueue
from shared.clients.model import ModelClient
from shared.clients.storage import StorageClient
from shared.runtime.backups import newest_time
from shared.runtime.settings import ApiSettings


class StatusService:
    """The status of the whole system; made by `open_status`."""

    def __init__(
        self,
        settings: ApiSettings,
        database: Database,
        queue: JobQueue,
        storage: StorageClient,
        model: ModelClient,
        web_hosts: WebHosts,
    ) -> None:
        self._settings = settings
        self._database = database
        self._queue = queue
        self._storage = storage
        self._model = model
        self._web_hosts = web_hosts
        self._digests = Digests()

    async def report(self) -> StatusReport:
        """How everything is now; takes a few seconds at most, whatever hangs, and does not raise."""
        history, queue, storage, model, dump, hosts = await gather(
            ask("The database", recent_history(self._database)),
            ask("The job queue", self._ask_queue()),
            ask("Storage", self._storage.status()),
            ask("The model daemon", self._model.facts()),
            ask("The folder of dumps", to_thread(newest_time, self._settings.api_backups)),
            reachable(self._web_hosts),
        )
        known, kept, asked = history.value, storage.value, model.value
        report = StatusReport(
            at=datetime.now(UTC),
            troubles=[],
            parts=[
                own_part(),
                part_of(PartName.DATABASE, history, self._database.product),
                part_of(PartName.QUEUE, queue, queue.value.redis if queue.value else None),
                part_of(PartName.STORAGE, storage, kept.release if kept else None),
                part_of(PartName.MODEL, model, asked.release if asked else None, about_model(asked)),
                *map(host_part, hosts),
            ],
            sites=known.sites if known else None,
            unfinished_jobs=known.unfinished_jobs if known else None,
            queue=queue.value,
            web_hosts=await self._compare(hosts, known.changed_sites if known and kept else None),
            storage=kept,
            database_backups_watched=self._settings.api_backups is not None and dump.error is None,
            database_backup_at=dump.value,
            model=asked,
            failed_jobs=known.failed_jobs if known else None,
            publications=known.publications if known else None,
        )
        return report.model_copy(update={"troubles": list(problems(report))})

    async def _ask_queue(self) -> QueueReport:
        depth = await self._queue.depth()
        jobs, version = await self._queue.running(), await self._queue.redis_version()
        return QueueReport(**depth.model_dump(), jobs=jobs, redis=f"Redis {version}")

    async def _compare(self, hosts: Sequence[HostAnswer], sites: Sequence[str] | None) -> list[WebHost]:
        """Each host against what it should serve of these sites; None: they are not known."""
        unknown = [WebHost(address=host.address) for host in hosts]
        if sites is None:
            return unknown
        served = await served_versions(self._web_hosts, sites)
        desired_versions = (await ask("Storage", desired_deployments(self._storage, sites))).value
        if desired_versions is None:
            return unknown
        digests = (await ask("Storage", self._digests.of(self._storage, desired_versions))).value or {}
        told = [compared(host, served.get(host.address, {}), desired_versions, digests) for host in hosts]
        return await with_reasons(self._web_hosts, told, sites)


@asynccontextmanager
async def open_status(settings: ApiSettings, database: Database, web_hosts: WebHosts) -> AsyncIterator[StatusService]:
    """A status with connections of its own, which give up soon instead of waiting for a part to come back."""
    token = settings.storage_api_token.get_secret_value()
    async with (
        JobQueue.open(settings.redis_url.get_secret_value(), restart_seconds=0) as queue,
        StorageClient(settings.storage_address, token, restart_seconds=0) as storage,
        ModelClient(settings.model_address) as model,
    ):
        yield StatusService(settings, database, queue, storage, model, web_hosts)
