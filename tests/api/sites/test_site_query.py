"""Which sites a list shows: searched, grouped, waiting, in the order of their last change, at the cost of one page."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Select, insert, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.site_access import site_row
from daemons.api.database.connection import Database
from daemons.api.database.tables import sites
from daemons.api.jobs.rows import insert_job
from daemons.api.jobs.site_marks import Ended, mark_end, mark_publication
from daemons.api.sites.plain_letters import plain
from daemons.api.sites.site_groups import groups_query
from daemons.api.sites.site_query import SiteOrder, WantedSites, sites_query
from daemons.api.sites.site_record import site_from
from shared.domain.errors import InvalidInput
from tests.api.small_database import ANA, BEN, NOW, ROOT, edit, small_database

CHANGED = WantedSites(SiteOrder.CHANGED)


async def add(connection: AsyncConnection, name: str, age: int, owner: Account = ANA, **more: object) -> None:
    title = str(more.get("title", name))
    row = {"name": name, "owner_id": owner.id, "title": title, "created_at": NOW - timedelta(days=9)}
    row |= {"changed_at": NOW - timedelta(hours=age), "plain_title": plain(title)}
    await connection.execute(insert(sites).values(row | more))


async def names(
    connection: AsyncConnection, user: Account = ANA, wanted: WantedSites = CHANGED, cursor: str | None = None
) -> list[str]:
    found = await connection.execute(sites_query(user, wanted, cursor, 99))
    return [row["name"] for row in found.mappings()]


async def filled(database: Database, count: int = 0) -> None:
    async with database.writing() as connection:
        await add(connection, "konditorei", 1, title="Bäckerei & Café Müller", group_name="Food")
        await add(connection, "law", 3, title="Анна, адвокат", address="advocate")
        await add(connection, "panwu", 2, title="パン屋 100%", group_name="Food")
        await add(connection, "bens", 0, BEN, title="Ben’s garden", group_name="Zoo")
        for number in range(count):
            await add(connection, f"s{number}", 10 + number % 7, (ANA, BEN)[number % 2])


def test_the_order_is_that_of_the_last_change_and_goes_on_behind_any_site(tmp_path: Path, database_url: str) -> None:
    async def run() -> None:
        async with small_database(tmp_path, url=database_url) as database:
            await filled(database)
            async with database.writing() as connection:
                assert await names(connection) == ["konditorei", "panwu", "law"]
                assert await names(connection, ROOT) == ["bens", "konditorei", "panwu", "law"]
                assert await names(connection, wanted=WantedSites()) == ["konditorei", "law", "panwu"]
                found = (await connection.execute(sites_query(ANA, CHANGED, None, 0))).mappings().one()
                row = {name: value for name, value in found.items() if name != "working"}
                cursor = CHANGED.cursor_of(site_from(site_row(row), None, "{host}"))
                assert await names(connection, cursor=cursor) == ["panwu", "law"]
                await insert_job(connection, edit(site="law"))
                assert await names(connection) == ["law", "konditorei", "panwu"]
                assert await names(connection, cursor=cursor) == ["panwu"]

    asyncio.run(run())


@pytest.mark.parametrize("cursor", ["konditorei", "0" * 14, "z" * 14 + "-a", "-"])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        sites_query(ANA, CHANGED, cursor, 9)


SEARCHES: dict[str, Sequence[str]] = {
    "advocate": ["law"],
    "BÄCKEREI": ["konditorei"],
    "backerei cafe": ["konditorei"],
    "cafe law": [],
    "анна": ["law"],
    "パン": ["panwu"],
    "100%": ["panwu"],
    "0_": [],
    "Kondit": ["konditorei"],
    "  ": ["konditorei", "panwu", "law"],
}


def test_a_search_looks_into_titles_and_names_whatever_the_accents(tmp_path: Path, database_url: str) -> None:
    async def run() -> None:
        async with small_database(tmp_path, url=database_url) as database:
            await filled(database)
            async with database.writing() as connection:
                for search, found in SEARCHES.items():
                    assert await names(connection, wanted=WantedSites(SiteOrder.CHANGED, search)) == found, search

    asyncio.run(run())


def test_groups_are_those_of_the_users_sites(tmp_path: Path, database_url: str) -> None:
    async def run() -> None:
        async with small_database(tmp_path, url=database_url) as database:
            await filled(database)
            async with database.writing() as connection:
                assert (await connection.execute(groups_query(ANA))).scalars().all() == ["Food"]
                assert (await connection.execute(groups_query(ROOT))).scalars().all() == ["Food", "Zoo"]
                assert await names(connection, wanted=WantedSites(SiteOrder.CHANGED, group="Food")) == [
                    "konditorei",
                    "panwu",
                ]
                await connection.execute(update(sites).values(group_name=None))
                assert (await connection.execute(groups_query(ROOT))).scalars().all() == []

    asyncio.run(run())


def test_a_site_waits_while_its_newest_version_or_its_last_end_is_for_its_owner(
    tmp_path: Path, database_url: str
) -> None:
    waiting = WantedSites(SiteOrder.CHANGED, waiting=True)

    async def run() -> None:
        async with small_database(tmp_path, url=database_url) as database:
            await filled(database)
            async with database.writing() as connection:
                assert await names(connection, wanted=waiting) == []
                await mark_end(connection, "law", Ended.QUESTION, None)
                await mark_end(connection, "panwu", Ended.PROBLEMS, 2)
                assert await names(connection, wanted=waiting) == ["panwu", "law"]
                await mark_publication(connection, "panwu", 1)
                assert await names(connection, wanted=waiting) == ["panwu", "law"]
                await mark_publication(connection, "panwu", 2)
                await mark_publication(connection, "law", 1)
                assert await names(connection, wanted=waiting) == ["law"]
                await insert_job(connection, edit(site="law"))
                assert await names(connection, wanted=waiting) == []

    asyncio.run(run())


def test_the_cost_follows_the_page(tmp_path: Path) -> None:
    """SQLite walks along an index in the order of the list, and sorts nothing."""
    filtered = WantedSites(SiteOrder.CHANGED, group="Food"), WantedSites(SiteOrder.CHANGED, waiting=True)
    asked = [(user, wanted) for user in (ANA, ROOT) for wanted in (CHANGED, *filtered)]

    async def run() -> None:
        async with small_database(tmp_path) as database:
            await filled(database, 400)
            async with database.writing() as connection:
                await connection.execute(text("ANALYZE"))
                for user, wanted in asked:
                    told = await plan(connection, sites_query(user, wanted, "0000000f000000-a", 60))
                    assert "TEMP B-TREE" not in told, told
                    assert "SCAN sites " not in told or user is ROOT, told
                    assert "USING INDEX sites_by_" in told, told
                assert "SCAN sites" not in (told := await plan(connection, groups_query(ANA))), told

    asyncio.run(run())


async def plan(connection: AsyncConnection, query: Select[tuple[object, ...]]) -> str:
    compiled = query.compile(connection.sync_connection, compile_kwargs={"literal_binds": True})
    return "\n".join(str(row[3]) for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}")))
