"""The api daemon put together: services, application, background work and readiness."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from daemons.api.app import build_app
from daemons.api.background.every_minute import every_minute
from daemons.api.background.queue_gauges import measure_queue
from daemons.api.services import open_services
from shared.runtime import metrics
from shared.runtime.service import Service
from shared.runtime.settings import ApiSettings


@asynccontextmanager
async def open_service(settings: ApiSettings) -> AsyncIterator[Service]:
    """The running daemon's parts."""
    async with open_services(settings) as services:

        async def measure() -> None:
            metrics.measure_backup("database", settings.api_backups)
            await measure_queue(services.queue)

        async def work(stop: asyncio.Event) -> None:
            await asyncio.gather(
                services.reconciler.work(stop),
                every_minute("deleted sites", services.removal.tend, stop),
                every_minute("addresses", services.moving.tend, stop),
            )

        yield Service(
            admin_listen=settings.api_admin_listen,
            app=build_app(services),
            listen=settings.api_listen,
            work=work,
            ready=services.check_ready,
            measure=measure,
        )
