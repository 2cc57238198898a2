"""The list of sites: whose, in which order, and with what is known of each."""

import asyncio
from pathlib import Path

from daemons.api.jobs.rows import insert_job
from daemons.api.sites.site_list import SiteList
from daemons.api.sites.site_record import UNREADABLE
from shared.clients.storage import StorageClient
from tests.api.conftest import World
from tests.api.small_database import ANA, BEN, ROOT, edit, small_database
from tests.support.api_process import SITES_URL
from tests.support.manifests import fill_site
from tests.support.replies import reply, replying


def test_sites_come_by_name_with_what_is_known_of_them(world: World, tmp_path: Path) -> None:
    names = [f"listed-{name}-{tmp_path.name[-1]}" for name in ("a", "b", "c")]

    async def run() -> None:
        async with (
            small_database(tmp_path, *reversed(names)) as database,
            world.storage.client("api") as storage,
            world.storage.client() as worker,
        ):
            await fill_site(worker, 2, site=names[0])
            async with database.writing() as connection:
                await insert_job(connection, edit(site=names[1]))
            listing = SiteList(database, storage, SITES_URL)
            first = await listing.page(ANA, None, 2)
            assert [listed.site.name for listed in first.items] == names[:2]
            assert [(listed.site.latest, listed.working) for listed in first.items] == [(2, False), (None, True)]
            assert first.items[0].summary
            assert first.items[0].summary.made_at
            second = await listing.page(ANA, first.next, 2)
            assert ([listed.site.name for listed in second.items], second.next) == (names[2:], None)
            assert (await listing.page(BEN, None, 9)).items == []
            assert len((await listing.page(ROOT, None, 9)).items) == 3

    asyncio.run(run())


def test_a_site_that_storage_can_not_read_spoils_no_other(tmp_path: Path) -> None:
    said = {"items": [{"head": {"site": "cafe", "latest": 1}}], "unreadable": ["bakery"]}

    async def run() -> None:
        async with (
            small_database(tmp_path, "bakery", "cafe") as database,
            replying(reply(said)) as server,
            StorageClient(server.address, "token") as storage,
        ):
            listed = (await SiteList(database, storage, SITES_URL).page(ANA, None, 9)).items
            assert [(one.site.latest, one.site.trouble) for one in listed] == [(None, UNREADABLE), (1, "")]
            assert listed[0].summary is None

    asyncio.run(run())
