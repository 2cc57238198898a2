"""Starts the storage daemon."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from daemons.storage.app import storage_app
from daemons.storage.bearer_auth import BearerAuth, ServiceRole
from daemons.storage.directory import Directory
from daemons.storage.verify import time_of_mark
from shared.runtime import metrics
from shared.runtime.service import Service, run_daemon
from shared.runtime.settings import StorageSettings


@asynccontextmanager
async def open_storage(settings: StorageSettings) -> AsyncIterator[Service]:
    """The directory behind its routes, until the daemon stops."""
    auth = BearerAuth(
        {
            ServiceRole.WORKER: settings.storage_worker_token.get_secret_value(),
            ServiceRole.API: settings.storage_api_token.get_secret_value(),
            ServiceRole.DEPLOYER: settings.storage_deployer_token.get_secret_value(),
        }
    )
    directory = Directory(settings.storage_directory)

    async def measure() -> None:
        metrics.measure_disk("storage", settings.storage_directory)
        metrics.measure_backup("storage", settings.storage_backups)
        metrics.WISHED_VERSIONS.set(len(directory.wishes.all()))
        metrics.VERIFY_TIMESTAMP.set(time_of_mark(settings.storage_verify_mark))

    async def end_polls(stop: asyncio.Event) -> None:
        await stop.wait()
        directory.changes.close()

    try:
        yield Service(
            admin_listen=settings.storage_admin_listen,
            app=storage_app(directory, auth, settings.storage_backups),
            listen=settings.storage_listen,
            work=end_polls,
            ready=directory.check_ready,
            measure=measure,
        )
    finally:
        directory.close()


if __name__ == "__main__":
    run_daemon("storage", StorageSettings, open_storage)
