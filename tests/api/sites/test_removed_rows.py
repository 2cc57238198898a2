"""Deleted sites in SQL: who sees them, until when, and that each deed is told once."""

import asyncio
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from daemons.api.accounts.site_access import GRACE, find_site
from daemons.api.database.tables import audit, jobs, messages
from daemons.api.jobs.rows import insert_job
from daemons.api.sites.removed_rows import (
    forget_requests,
    hidden_sites,
    list_removed,
    mark_gone,
    mark_removed,
    removed_query,
    unmark_removed,
)
from tests.api.small_database import ANA, BEN, NOW, ROOT, edit, small_database

LATER = NOW + timedelta(days=1)
OVER = NOW + GRACE


def test_a_deleted_site_can_be_brought_back_until_its_time_is_over(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe", "dairy") as database:
            async with database.writing() as connection:
                await mark_removed(connection, "bakery", ANA.email, NOW)
                await mark_removed(connection, "bakery", BEN.email, LATER)
                await mark_removed(connection, "cafe", ROOT.email, LATER)
            async with database.writing() as connection:
                for user, names in ((ANA, ["cafe", "bakery"]), (ROOT, ["cafe", "bakery"]), (BEN, [])):
                    assert [row.name for row in await list_removed(connection, user, LATER)] == names
                assert [row.name for row in await list_removed(connection, ANA, OVER)] == ["cafe"]
                row = await find_site(connection, "bakery")
                assert row and (row.removed_at, row.removed_by) == (NOW, ANA.email), "the first deletion counts"
                assert not await unmark_removed(connection, "bakery", ANA.email, OVER)
                assert not await unmark_removed(connection, "dairy", ANA.email, LATER)
                assert await unmark_removed(connection, "bakery", ANA.email, OVER - timedelta(seconds=1))
                assert [row.name for row in await hidden_sites(connection)] == ["cafe"]
                told = (await connection.execute(select(audit.c.actor, audit.c.action, audit.c.site))).all()
                assert sorted(map(tuple, told)) == [
                    (ANA.email, "site.delete", "bakery"),
                    (ANA.email, "site.undelete", "bakery"),
                    (ROOT.email, "site.delete", "cafe"),
                ]

    asyncio.run(run())


def test_a_site_goes_for_good_once(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe") as database, database.writing() as connection:
            await mark_removed(connection, "bakery", ANA.email, NOW)
            for _ in range(2):
                await mark_gone(connection, "bakery", LATER)
                await mark_gone(connection, "cafe", LATER)
            row, other = await find_site(connection, "bakery"), await find_site(connection, "cafe")
            assert row and other and (row.gone_at, other.gone_at) == (LATER, None)
            assert not await unmark_removed(connection, "bakery", ANA.email, LATER)
            assert await list_removed(connection, ANA, LATER) == await hidden_sites(connection) == []
            told = (await connection.execute(select(audit.c.actor).where(audit.c.action == "site.expire"))).scalars()
            assert list(told) == ["pagewright"]

    asyncio.run(run())


def test_what_was_said_about_a_site_is_deleted_and_nothing_else(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe") as database, database.writing() as connection:
            for name in ("bakery", "cafe"):
                await insert_job(connection, edit(site=name))
            await forget_requests(connection, "bakery")
            for table in (jobs, messages):
                left = await connection.execute(select(table.c.site, func.count()).group_by(table.c.site))
                assert [tuple(row) for row in left] == [("cafe", 1)]

    asyncio.run(run())


def test_nobody_looks_through_all_sites_for_those_that_were_deleted(tmp_path: Path) -> None:
    names = [f"site-{number}" for number in range(300)]

    async def run() -> None:
        async with small_database(tmp_path, *names) as database, database.writing() as connection:
            for name in names[:3]:
                await mark_removed(connection, name, ANA.email, NOW)
            await connection.execute(text("ANALYZE"))
            for user in (ANA, ROOT):
                query = removed_query(user, LATER)
                compiled = query.compile(connection.sync_connection, compile_kwargs={"literal_binds": True})
                plan = [str(row[3]) for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
                assert any("USING INDEX sites_by_removal" in step for step in plan), plan
                assert not any(step.startswith("SCAN sites") for step in plan), plan

    asyncio.run(run())
