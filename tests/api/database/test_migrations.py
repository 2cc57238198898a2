"""Migrations only add (docs/decisions/0018): what an older release writes and reads has its place in the newest."""

import asyncio
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, insert, select, text

from daemons.api.database.connection import connect
from daemons.api.database.revisions import TABLE, configuration, upgrade
from daemons.api.database.tables import addresses, metadata, sites
from tests.api.database.test_dump import sample_row

_REVISIONS = [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()]


def _tables(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    found.remove(found.tables[TABLE])
    return found


@pytest.mark.parametrize("revision", _REVISIONS)
def test_an_older_release_reads_and_writes_the_newest_tables(revision: str, database_url: str) -> None:
    def change(connection: Connection) -> None:
        upgrade(connection, revision)
        known = _tables(connection).sorted_tables
        for table in known:
            connection.execute(insert(table), [sample_row(table, 1, full=True)])
        upgrade(connection)
        for table in known:
            connection.execute(insert(table), [sample_row(table, 2, full=False)])
            assert len(connection.execute(table.select()).all()) == 2

    async def run() -> None:
        async with connect(database_url) as database:
            await database.change_tables(change)

    asyncio.run(run())


@pytest.mark.parametrize("revision", _REVISIONS)
@pytest.mark.parametrize("first_step_made_index", [False, True])
def test_whatever_the_database_was_the_newest_tables_are_those_declared(
    revision: str, first_step_made_index: bool, database_url: str
) -> None:
    def differences(connection: Connection) -> list[object]:
        upgrade(connection, "0001")
        if first_step_made_index:
            connection.execute(text("CREATE INDEX audit_by_action ON audit (action, id)"))
        upgrade(connection, revision)
        upgrade(connection)
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async def run() -> None:
        async with connect(database_url) as database:
            assert await database.change_tables(differences) == []

    asyncio.run(run())


def test_the_names_of_sites_of_before_belong_to_them(database_url: str) -> None:
    def change(connection: Connection) -> None:
        upgrade(connection, "0009")
        known = _tables(connection).tables
        for name in ("users", "sites"):
            connection.execute(insert(known[name]), [sample_row(known[name], 1, full=False)])
        upgrade(connection)
        assert connection.execute(select(addresses.c.label, addresses.c.site, addresses.c.until)).all() == [
            ("1", "1", None)
        ]

    async def run() -> None:
        async with connect(database_url) as database:
            await database.change_tables(change)

    asyncio.run(run())


def test_lists_know_what_jobs_and_publications_of_before_have_told(database_url: str) -> None:
    """When a site changed last, its newest and its public version, and that its last request failed."""
    begun, asked, published = (datetime(2026, 11, day, tzinfo=UTC) for day in (1, 3, 2))

    def at(moment: datetime, number: int = 0) -> str:
        return f"{int(moment.timestamp() * 1000):012x}{number:016x}"

    def change(connection: Connection) -> None:
        upgrade(connection, "0007")
        known = _tables(connection).tables
        user = sample_row(known["users"], 1, full=False)
        site = sample_row(known["sites"], 1, full=False) | {"title": "Bäckerei", "created_at": begun}
        connection.execute(insert(known["users"]), [user])
        connection.execute(insert(known["sites"]), [site | {"owner_id": user["id"]}])
        job = sample_row(known["jobs"], 1, full=False) | {"site": site["name"]}
        made = {"id": at(begun), "state": "succeeded", "outcome": {"state": "succeeded", "version": 3}}
        failed = {"id": at(asked), "state": "failed", "outcome": {"state": "failed"}}
        connection.execute(insert(known["jobs"]), [job | made, job | failed])
        deployed = {"id": at(published), "at": published, "actor": "ana", "action": "deploy.current"}
        deployed |= {"site": site["name"], "details": {"version": 2, "before": None}}
        connection.execute(insert(known["audit"]), [deployed])
        upgrade(connection)
        row = connection.execute(select(sites)).mappings().one()
        told = [row[name] for name in ("plain_title", "ended", "newest", "published", "changed_at")]
        assert told == ["backerei", "failed", 3, 2, asked]

    async def run() -> None:
        async with connect(database_url) as database:
            await database.change_tables(change)

    asyncio.run(run())
