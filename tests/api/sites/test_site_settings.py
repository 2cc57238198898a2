"""A site's title and group are changed and told to the audit trail, once."""

import asyncio
from pathlib import Path

from sqlalchemy import select

from daemons.api.accounts.site_access import own_site
from daemons.api.database.tables import audit
from daemons.api.sites.site_settings import SiteSettings
from tests.api.small_database import ANA, small_database


def test_a_title_is_changed_and_told_once(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe") as database:
            for _ in range(2):
                async with database.reading() as connection:
                    site = await own_site(connection, ANA, "bakery")
                await SiteSettings(database).change(site, "Mira’s Bakery", None)
            async with database.reading() as connection:
                titles = [(await own_site(connection, ANA, name)).row.title for name in ("bakery", "cafe")]
                told = (await connection.execute(select(audit.c.action, audit.c.site, audit.c.details))).all()
            assert titles == ["Mira’s Bakery", "Cafe"]
            assert [tuple(row) for row in told] == [
                ("site.update", "bakery", {"title": "Mira’s Bakery", "before": "Bakery"})
            ]

    asyncio.run(run())


def test_a_group_is_changed_and_told_once_and_a_title_that_another_changed_meanwhile_stays(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery") as database:
            settings = SiteSettings(database)
            async with database.reading() as connection:
                seen = await own_site(connection, ANA, "bakery")
            await settings.change(seen, "Mira’s Bakery", None)
            await settings.change(seen, seen.row.title, "Food")
            async with database.reading() as connection:
                site = await own_site(connection, ANA, "bakery")
            assert (site.row.title, site.row.group) == ("Mira’s Bakery", "Food")
            for _ in range(2):
                await settings.change(site, site.row.title, None)
                async with database.reading() as connection:
                    site = await own_site(connection, ANA, "bakery")
            assert site.row.group is None
            async with database.reading() as connection:
                told = (await connection.execute(select(audit.c.action, audit.c.details).order_by(audit.c.id))).all()
            assert [tuple(row) for row in told][1:] == [
                ("site.group", {"group": "Food"}),
                ("site.group", {"group": None}),
            ]

    asyncio.run(run())
