"""A site's new address: claimed, recorded and followed; whatever breaks off between is finished by who comes next."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from daemons.api.accounts.site_access import OwnedSite, own_site
from daemons.api.database.connection import Database
from daemons.api.database.tables import addresses, audit
from daemons.api.jobs.site_feed import SiteFeed
from daemons.api.publishing.moving import Moving, OldAddress
from daemons.api.publishing.web_hosts import WebHosts
from daemons.api.sites.address_records import follow_record, read_labels
from daemons.api.sites.site_labels import claim_label, taken_labels
from daemons.api.sites.site_names import NameTaken
from shared.clients.job_queue import JobQueue
from shared.clients.storage import StorageClient
from shared.domain.errors import Conflict, Unavailable
from shared.domain.forwarding import Forward
from tests.api.small_database import ANA, small_database
from tests.support.api_process import SITES_URL
from tests.support.manifests import fill_site
from tests.support.replies import reply, replying
from tests.support.storage_process import StorageProcess


@dataclass
class Desk:
    """Where sites of ana's move; `bakery` and `cafe` have a version, `empty` has none."""

    database: Database
    storage: StorageClient
    hosts: WebHosts
    feed: SiteFeed

    @property
    def moving(self) -> Moving:
        """As a process has it that has just begun."""
        return Moving(self.storage, self.database, self.hosts, self.feed, SITES_URL)

    async def site(self, name: str = "bakery") -> OwnedSite:
        async with self.database.reading() as connection:
            return await own_site(connection, ANA, name)

    async def taken(self, *labels: str) -> set[str]:
        async with self.database.reading() as connection:
            return await taken_labels(connection, labels, datetime.now(UTC))

    async def told(self) -> list[tuple[object, object]]:
        """What the audit trail tells of addresses: before and after."""
        query = select(audit.c.details).where(audit.c.action == "site.address").order_by(audit.c.id)
        async with self.database.reading() as connection:
            return [(one["before"], one["address"]) for one in (await connection.execute(query)).scalars()]


@asynccontextmanager
async def opened_desk(redis_url: str, storage: StorageProcess, folder: Path, *hosts: str) -> AsyncIterator[Desk]:
    async with (
        small_database(folder, "bakery", "cafe", "empty") as database,
        JobQueue.open(redis_url) as queue,
        storage.client("api") as api,
        storage.client() as worker,
        WebHosts(hosts, SITES_URL) as web_hosts,
        SiteFeed(queue) as feed,
    ):
        for site in ("bakery", "cafe"):
            await fill_site(worker, 1, site=site)
        yield Desk(database, api, web_hosts, feed)


@pytest.fixture
def play(
    redis_url: str, storage: StorageProcess, tmp_path: Path
) -> Callable[[Callable[[Desk], Awaitable[None]]], None]:
    """Runs a test at a desk without web hosts."""

    def run(test: Callable[[Desk], Awaitable[None]]) -> None:
        async def at_desk() -> None:
            async with opened_desk(redis_url, storage, tmp_path) as desk:
                await test(desk)

        asyncio.run(at_desk())

    return run


Play = Callable[[Callable[[Desk], Awaitable[None]]], None]


def test_a_site_moves_and_the_old_address_leads_there_as_long_as_is_said(play: Play) -> None:
    async def test(desk: Desk) -> None:
        moved = await desk.moving.move(await desk.site(), "brot", Forward.MONTH, None)
        (old,) = moved.former
        assert (moved.address, moved.url, old.address) == ("brot", "http://brot.sites.test", "bakery")
        assert old.until and abs(old.until - datetime.now(UTC) - timedelta(days=30)) < timedelta(minutes=1)
        assert (await desk.site()).row.label == "brot"
        assert await desk.moving.look(await desk.site()) == moved
        further = await desk.moving.move(await desk.site(), "laden", Forward.EVER, "brot")
        assert further.former == [OldAddress(address="brot", until=None), old]
        back = await desk.moving.move(await desk.site(), "bakery", Forward.NONE, "laden")
        assert (back.address, back.former) == ("bakery", [OldAddress(address="brot", until=None)])
        assert (await desk.site()).row.address is None
        assert await desk.told() == [("bakery", "brot"), ("brot", "laden"), ("laden", "bakery")]
        assert await desk.taken("bakery", "brot", "laden") == {"bakery", "brot", "laden"}, "spared for a day"

    play(test)


def test_the_same_again_changes_nothing_and_is_told_once(play: Play) -> None:
    async def test(desk: Desk) -> None:
        first = await desk.moving.move(await desk.site(), "brot", Forward.MONTH, "bakery")
        again = await desk.moving.move(await desk.site(), "brot", Forward.EVER, "bakery")
        assert again == first
        assert await desk.told() == [("bakery", "brot")]

    play(test)


def test_what_another_site_has_is_taken_whoever_asks_first(play: Play) -> None:
    async def test(desk: Desk) -> None:
        bakery, cafe = await desk.site(), await desk.site("cafe")
        for label in ("cafe", "empty"):
            with pytest.raises(NameTaken):
                await desk.moving.move(bakery, label, Forward.MONTH, None)
        both = [desk.moving.move(site, "brot", Forward.MONTH, None) for site in (bakery, cafe)]
        told = await asyncio.gather(*both, return_exceptions=True)
        assert sorted(type(one).__name__ for one in told) == ["NameTaken", "PublicAddress"]

    play(test)


def test_who_saw_another_address_is_refused_and_what_was_claimed_is_free_again(play: Play) -> None:
    async def test(desk: Desk) -> None:
        before = await desk.site()
        await desk.moving.move(before, "brot", Forward.MONTH, "bakery")
        with pytest.raises(Conflict, match="moved the site to brot"):
            await desk.moving.move(before, "laden", Forward.MONTH, "bakery")
        with pytest.raises(Conflict, match="can’t get another address yet"):
            await desk.moving.move(await desk.site("empty"), "torte", Forward.MONTH, None)
        assert await desk.taken("laden", "torte", "brot") == {"brot"}

    play(test)


def test_a_move_that_broke_off_before_storage_had_it_ends_as_none(play: Play) -> None:
    async def test(desk: Desk) -> None:
        async with desk.database.writing() as connection:
            await claim_label(connection, "brot", "bakery", datetime.now(UTC) - timedelta(hours=1))
        await desk.moving.tend(datetime.now(UTC))
        async with desk.database.reading() as connection:
            assert await connection.scalar(select(addresses.c.until).where(addresses.c.label == "brot"))
        assert (await desk.site()).row.label == "bakery"
        assert (await desk.moving.move(await desk.site(), "brot", Forward.MONTH, None)).address == "brot"

    play(test)


@pytest.mark.parametrize("heal", ["tend", "ask again"])
def test_a_move_that_broke_off_once_storage_had_it_is_finished(play: Play, heal: str) -> None:
    async def test(desk: Desk) -> None:
        asked = await desk.site()
        async with desk.database.writing() as connection:
            await claim_label(connection, "brot", "bakery", datetime.now(UTC))
        await desk.storage.move_address("bakery", "brot", None, ANA.email, "bakery")
        if heal == "tend":
            moving = desk.moving
            for _ in range(2):
                await moving.tend(datetime.now(UTC))
        else:
            await desk.moving.move(asked, "brot", Forward.MONTH, "bakery")
        assert (await desk.site()).row.label == "brot"
        assert await desk.told() == [("bakery", "brot")]
        assert (await desk.moving.look(await desk.site())).former == [OldAddress(address="bakery", until=None)]

    play(test)


def test_a_former_address_is_others_a_day_after_its_end(play: Play) -> None:
    async def test(desk: Desk) -> None:
        for address in ("brot", "laden"):
            await desk.moving.move(await desk.site(), address, Forward.NONE, None)
        with pytest.raises(NameTaken):
            await desk.moving.move(await desk.site("cafe"), "brot", Forward.MONTH, None)
        ended = datetime.now(UTC) - timedelta(days=2)
        async with desk.database.writing() as connection:
            await connection.execute(update(addresses).where(addresses.c.label == "brot").values(until=ended))
        moved = await desk.moving.move(await desk.site("cafe"), "brot", Forward.MONTH, None)
        await desk.moving.tend(datetime.now(UTC))
        assert await desk.moving.look(await desk.site("cafe")) == moved

    play(test)


def test_a_storage_of_the_release_before_can_move_nothing_and_stops_nobody(redis_url: str, tmp_path: Path) -> None:
    async def run() -> None:
        nothing = reply({"detail": "There is nothing at this address.", "hint": ""}, 404)
        async with (
            small_database(tmp_path, "bakery") as database,
            JobQueue.open(redis_url) as queue,
            replying(nothing) as server,
            StorageClient(server.address, "token") as storage,
            WebHosts([], SITES_URL) as hosts,
            SiteFeed(queue) as feed,
        ):
            desk = Desk(database, storage, hosts, feed)
            with pytest.raises(Conflict, match="yet"):
                await desk.moving.move(await desk.site(), "brot", Forward.MONTH, None)
            await desk.moving.tend(datetime.now(UTC))
            assert await desk.taken("brot") == set()

    asyncio.run(run())


def test_it_is_told_if_no_web_host_answers(redis_url: str, storage: StorageProcess, tmp_path: Path) -> None:
    async def run() -> None:
        async with opened_desk(redis_url, storage, tmp_path, "127.0.0.1:1") as desk:
            with pytest.raises(Unavailable, match="is to be at brot, but no web host answers"):
                await desk.moving.move(await desk.site(), "brot", Forward.MONTH, None)
            assert (await desk.site()).row.label == "brot", "it is recorded"

    asyncio.run(run())


def test_what_was_read_before_somebody_moved_the_site_moves_it_not_back(play: Play) -> None:
    async def test(desk: Desk) -> None:
        async with desk.database.writing() as connection:
            await claim_label(connection, "torte", "bakery", datetime.now(UTC) - timedelta(hours=1))
            before = (await read_labels(connection))["bakery"]
        await desk.moving.move(await desk.site(), "brot", Forward.MONTH, None)
        async with desk.database.writing() as connection:
            await follow_record(connection, "bakery", None, datetime.now(UTC), only_from=before)
        assert (await desk.site()).row.label == "brot"
        assert await desk.told() == [("bakery", "brot")]

    play(test)
