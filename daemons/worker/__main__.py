"""Starts a worker: claims one job after the other until it is asked to stop."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from daemons.worker.job.claimed_job import ClaimedJob
from daemons.worker.job.pipeline import WorkerContext
from daemons.worker.programs import find_programs
from daemons.worker.sandbox.self_test import self_test
from daemons.worker.task_ending import TaskStuck
from shared.clients.job_queue import Claim, JobQueue
from shared.clients.storage import StorageClient
from shared.domain.errors import Unavailable
from shared.domain.signing import load_private_key
from shared.runtime.journal import log_context
from shared.runtime.service import Service, run_daemon
from shared.runtime.settings import WorkerSettings

_log = logging.getLogger(__name__)
_CLAIM_SECONDS = 30.0


@asynccontextmanager
async def open_worker(settings: WorkerSettings) -> AsyncIterator[Service]:
    """A worker with its connections. Raises SandboxUnavailable if this machine can't confine a job."""
    programs = await asyncio.to_thread(find_programs, settings)
    await self_test(programs.backend)
    key = load_private_key(settings.worker_signing_key.get_secret_value())
    async with (
        JobQueue.open(settings.redis_url.get_secret_value()) as queue,
        StorageClient(settings.storage_address, settings.storage_worker_token.get_secret_value()) as storage,
    ):
        context = WorkerContext(settings, programs, storage, key)

        async def ready() -> None:
            await queue.ping()
            await storage.ping()

        yield Service(settings.worker_admin_listen, work=lambda stop: _claim_jobs(context, queue, stop), ready=ready)


async def _claim_jobs(context: WorkerContext, queue: JobQueue, stop: asyncio.Event) -> None:
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        claiming = asyncio.create_task(_claim(context, queue))
        await asyncio.wait([claiming, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not claiming.done():
            claiming.cancel()
        try:
            claim = await claiming
        except asyncio.CancelledError:
            break
        if claim:
            with log_context(site=claim.request.site, job=claim.request.id):
                await _run_or_exit(ClaimedJob(context, queue, claim, stop))


async def _claim(context: WorkerContext, queue: JobQueue) -> Claim | None:
    """A claim, None if there is none for a while. A part of the loop that lasts as long as the worker."""
    settings = context.settings
    try:
        return await queue.claim(settings.worker_name, settings.worker_lease_seconds, _CLAIM_SECONDS)
    except Unavailable as error:
        _log.warning("no claim: %s", error.detail)
        await asyncio.sleep(0.5)
        return None


async def _run_or_exit(job: ClaimedJob) -> None:
    try:
        await job.run()
    except TaskStuck as error:
        # The lease lapses and another worker takes the job; what is left of it dies with this process.
        _log.critical("the job does not end, so this worker does: %s", error)
        os._exit(1)
    except Unavailable as error:
        _log.warning("the job's outcome could not be reported: %s; its next worker adopts what it did", error.detail)


if __name__ == "__main__":
    run_daemon("worker", WorkerSettings, open_worker)
