"""What the page of one site shows: its last requests as they stand, and the versions that they made."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from daemons.api.accounts.site_access import SiteAccess
from daemons.api.database.connection import Database
from daemons.api.jobs.rows import insert_job
from daemons.api.sites.workspace import JOBS_SHOWN, Span, Workspaces
from shared.clients.job_queue import JobQueue
from shared.domain.errors import NotFound
from shared.domain.vocabulary import JobState
from tests.api.conftest import World
from tests.api.small_database import ANA, BEN, edit, small_database
from tests.support.api_process import SITES_URL
from tests.support.manifests import fill_site


@asynccontextmanager
async def reader(
    world: World, folder: Path, redis_url: str, site: str
) -> AsyncIterator[tuple[Workspaces, Database, JobQueue]]:
    async with (
        small_database(folder, site) as database,
        JobQueue.open(redis_url) as queue,
        world.storage.client("api") as storage,
    ):
        yield Workspaces(database, queue, storage, SITES_URL), database, queue


def test_the_last_requests_come_in_their_order_and_the_others_are_counted(
    world: World, tmp_path: Path, redis_url: str
) -> None:
    async def run() -> None:
        async with reader(world, tmp_path, redis_url, "many-requests") as (workspaces, database, queue):
            requests = [edit(f"request {number}", site="many-requests") for number in range(JOBS_SHOWN + 3)]
            async with database.writing() as connection:
                for request in requests:
                    await insert_job(connection, request)
            await queue.submit(requests[-1])
            await queue.claim("worker-1", 30.0, 0)
            await queue.cancel(requests[-1].id)
            shown = await workspaces.read(await SiteAccess(database).own(ANA, "many-requests"))
            assert [turn.job.message for turn in shown.jobs] == [request.message for request in requests[3:]]
            assert shown.earlier_jobs == 3
            owned, first = await SiteAccess(database).own(ANA, "many-requests"), shown.jobs[0].job.id
            earlier = await workspaces.read(owned, span=Span(before=first))
            assert [turn.job.message for turn in earlier.jobs] == [request.message for request in requests[:3]]
            assert earlier.earlier_jobs == 0
            since = await workspaces.read(owned, span=Span(since=requests[1].id))
            assert (len(since.jobs), since.earlier_jobs) == (JOBS_SHOWN + 2, 1), "what was shown once stays"
            assert [(turn.job.state, turn.stopping) for turn in shown.jobs[-2:]] == [
                (JobState.QUEUED, False),
                (JobState.RUNNING, True),
            ]

    asyncio.run(run())


def test_a_version_that_was_asked_for_is_known_besides_the_newest(world: World, tmp_path: Path, redis_url: str) -> None:
    async def run() -> None:
        async with (
            reader(world, tmp_path, redis_url, "many-versions") as (workspaces, database, _),
            world.storage.client() as w,
        ):
            await fill_site(w, 27, site="many-versions")
            shown = await workspaces.read(await SiteAccess(database).own(ANA, "many-versions"), 1)
            assert [manifest.number for manifest in shown.versions] == list(range(27, 2, -1))
            assert (shown.more_versions_before, shown.known[1].number, 2 in shown.known) == (3, 1, False)
            assert (shown.site.latest, shown.jobs, shown.earlier_jobs) == (27, [], 0)

    asyncio.run(run())


def test_another_persons_site_does_not_exist(world: World, tmp_path: Path, redis_url: str) -> None:
    async def run() -> None:
        async with reader(world, tmp_path, redis_url, "anas") as (workspaces, database, _):
            with pytest.raises(NotFound):
                await workspaces.read(await SiteAccess(database).own(BEN, "anas"))

    asyncio.run(run())
