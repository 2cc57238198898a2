"""Deleting a site: it is hidden at once, its jobs end, it comes back within 30 days; one without a version is gone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemons.api.accounts.site_access import GRACE, OwnedSite, find_site, own_removed_site, own_site
from daemons.api.database.connection import Database
from daemons.api.jobs.jobs import Jobs
from daemons.api.jobs.rows import insert_job
from daemons.api.jobs.site_feed import SiteFeed
from daemons.api.sites.address_records import follow_record
from daemons.api.sites.removal import Removal, TakeDown
from daemons.api.sites.site_labels import SPARED, taken_labels
from shared.clients.job_queue import JobQueue
from shared.clients.storage import StorageClient
from shared.domain.errors import Conflict, Gone, NotFound, Unavailable
from shared.domain.vocabulary import JobRequest, JobState, Outcome, new_id
from tests.api.small_database import ANA, BEN, edit, small_database
from tests.support.manifests import fill_site
from tests.support.redis_server import RedisServer
from tests.support.replies import reply, replying
from tests.support.storage_process import StorageProcess


async def nothing_is_public(_: OwnedSite) -> str:
    return ""


def removal_of(
    database: Database, queue: JobQueue, storage: StorageClient, take_down: TakeDown = nothing_is_public
) -> Removal:
    return Removal(database, queue, storage, SiteFeed(queue), take_down)


async def gone_at(database: Database) -> datetime | None:
    async with database.reading() as connection:
        row = await find_site(connection, "bakery")
    assert row
    return row.gone_at


@asynccontextmanager
async def a_site(
    redis_url: str, storage: StorageProcess, folder: Path
) -> AsyncIterator[tuple[Database, JobQueue, StorageClient]]:
    """The site bakery of ana with one version: the database, the queue, and storage as the api sees it."""
    async with (
        small_database(folder, "bakery") as database,
        JobQueue.open(redis_url) as queue,
        storage.client("api") as api,
        storage.client() as worker,
    ):
        await fill_site(worker, 1)
        yield database, queue, api


def asked(site: str) -> JobRequest:
    """The queue is shared with other tests, so this has an id of its own."""
    return edit(site=site).model_copy(update={"id": new_id()})


def test_a_deleted_site_is_hidden_its_jobs_end_and_it_comes_back(
    redis_url: str, storage: StorageProcess, tmp_path: Path
) -> None:
    async def run() -> None:
        async with a_site(redis_url, storage, tmp_path) as (database, queue, api):
            request, removal = asked("bakery"), removal_of(database, queue, api)
            async with database.writing() as connection:
                await insert_job(connection, request)
                site = await own_site(connection, ANA, "bakery")
            await queue.submit(request)
            removed = await removal.remove(site)
            assert removed.until == removed.removed_at + GRACE
            status = await queue.state(request.id)
            assert status and status.state is JobState.CANCELLED
            async with database.reading() as connection:
                with pytest.raises(Gone, match="was deleted"):
                    await own_site(connection, ANA, "bakery")
                with pytest.raises(NotFound):
                    await own_removed_site(connection, BEN, "bakery")
            assert (await Jobs(database, queue, api).list_own(ANA, None, 9)).items == []
            assert await removal.list_removed(ANA) == [removed]
            await removal.tend(datetime.now(UTC))
            async with database.reading() as connection:
                hidden = await own_removed_site(connection, ANA, "bakery")
            await removal.bring_back(hidden)
            async with database.reading() as connection:
                assert (await own_site(connection, ANA, "bakery")).row == site.row
            with pytest.raises(Gone, match="any more"):
                await removal.bring_back(hidden)

    asyncio.run(run())


def test_a_site_whose_time_is_over_is_gone_and_its_name_stays_taken(
    redis_url: str, storage: StorageProcess, tmp_path: Path
) -> None:
    async def run() -> None:
        async with a_site(redis_url, storage, tmp_path) as (database, queue, api):
            removal = removal_of(database, queue, api)
            async with database.reading() as connection:
                site = await own_site(connection, ANA, "bakery")
            removed = await removal.remove(site)
            assert removed.until
            await removal.tend(removed.until)
            await removal.tend(removed.until)
            assert await removal.list_removed(ANA) == []
            async with database.reading() as connection:
                row = await find_site(connection, "bakery")
                assert row and row.gone_at == removed.until
                for find in (own_site, own_removed_site):
                    with pytest.raises(NotFound, match="among yours"):
                        await find(connection, ANA, "bakery")

    asyncio.run(run())


def test_others_can_have_the_address_of_a_site_that_is_gone(
    redis_url: str, storage: StorageProcess, tmp_path: Path
) -> None:
    """Not within its time, and not before web hosts had a day to let go of it."""

    async def run() -> None:
        async with a_site(redis_url, storage, tmp_path) as (database, queue, api):
            first = await api.move_address("bakery", "bread", None, ANA.email, "bakery")
            moved = await api.move_address("bakery", "brot", datetime.now(UTC), ANA.email, "bread")
            removal = removal_of(database, queue, api)
            async with database.writing() as connection:
                await follow_record(connection, "bakery", first, datetime.now(UTC))
                site = await own_site(connection, ANA, "bakery")
            removed = await removal.remove(site)
            assert removed.until
            await removal.tend(removed.until)
            assert await gone_at(database) is None, "SQL has not heard of the last move"
            async with database.writing() as connection:
                await follow_record(connection, "bakery", moved, datetime.now(UTC))
                assert await taken_labels(connection, ["brot"], removed.until) == {"brot"}
            await removal.tend(removed.until)
            assert await gone_at(database) == removed.until
            listed = await api.addresses()
            assert listed and [(one.address, len(one.former)) for one in listed.items] == [("bakery", 1)]
            async with database.reading() as connection:
                assert await taken_labels(connection, ["brot"], removed.until) == {"brot"}
                assert await taken_labels(connection, ["brot"], removed.until + 2 * SPARED) == set()

    asyncio.run(run())


def test_a_site_without_a_version_is_gone_at_once_unless_a_worker_is_at_it(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    async def run() -> None:
        async with (
            small_database(tmp_path, "bakery", "cafe") as database,
            JobQueue.open(redis_server.url) as queue,
            replying(reply({"site": "bakery", "latest": None})) as server,
            StorageClient(server.address, "token") as api,
        ):
            request, removal = asked("bakery"), removal_of(database, queue, api)
            async with database.writing() as connection:
                await insert_job(connection, request)
                site, other = [await own_site(connection, ANA, name) for name in ("bakery", "cafe")]
            with pytest.raises(Conflict, match="is being made"):
                await removal.remove_unmade(site)
            await queue.submit(request)
            claim = await queue.claim("slow", 30, 0)
            assert claim
            assert (await removal.remove(site)).until, "its worker may still make a version"
            status = await queue.state(request.id)
            assert status and status.cancel_asked
            assert (await removal.remove_unmade(other)).until is None
            assert [one.name for one in await removal.list_removed(ANA)] == ["bakery"]
            await queue.finish(claim, Outcome(state=JobState.CANCELLED))
            await removal.tend(datetime.now(UTC))
            assert await removal.list_removed(ANA) == []

    asyncio.run(run())


def test_a_site_with_a_version_does_not_go_at_once(redis_url: str, tmp_path: Path) -> None:
    async def run() -> None:
        async with (
            small_database(tmp_path, "bakery") as database,
            JobQueue.open(redis_url) as queue,
            replying(reply({"site": "bakery", "latest": 1})) as server,
            StorageClient(server.address, "token") as api,
        ):
            async with database.reading() as connection:
                site = await own_site(connection, ANA, "bakery")
            with pytest.raises(Conflict, match="has a version"):
                await removal_of(database, queue, api).remove_unmade(site)

    asyncio.run(run())


def test_a_site_that_can_not_be_taken_down_is_not_deleted_and_a_late_host_is_told(
    redis_url: str, tmp_path: Path
) -> None:
    """Deleted is what visitors are to get nothing of; storage has recorded that first."""

    async def away(_: OwnedSite) -> str:
        raise Unavailable("Storage can't be reached.", "Try again in a moment.")

    async def late(_: OwnedSite) -> str:
        return "Visitors are to see nothing, but no web host answers."

    async def run() -> None:
        async with (
            small_database(tmp_path, "bakery") as database,
            JobQueue.open(redis_url) as queue,
            replying(reply({"site": "bakery", "latest": 1})) as server,
            StorageClient(server.address, "token") as api,
        ):
            async with database.reading() as connection:
                site = await own_site(connection, ANA, "bakery")
            with pytest.raises(Unavailable):
                await removal_of(database, queue, api, away).remove(site)
            assert await removal_of(database, queue, api).list_removed(ANA) == []
            removed = await removal_of(database, queue, api, late).remove(site)
            assert removed.until and removed.late == await late(site)

    asyncio.run(run())
