"""The database: migrations make exactly the tables that the code knows, once, and errors are clear."""

import asyncio
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, select, text

from daemons.api.database.connection import Database, open_database
from daemons.api.database.tables import audit, metadata
from shared.domain.errors import InvalidInput, Unavailable
from shared.domain.vocabulary import new_id

_ROOT = Path(__file__).parents[3]


def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/api.sqlite"


def test_the_migrations_make_the_tables_of_the_code(database_url: str) -> None:
    def compare(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async def run() -> list[object]:
        async with open_database(database_url) as database, database.reading() as connection:
            return await connection.run_sync(compare)

    assert asyncio.run(run()) == []


def test_several_processes_may_start_at_once(database_url: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from daemons.api.database.connection import open_database\n"
        "async def run():\n"
        "    async with open_database(sys.argv[1]) as database:\n"
        "        await database.ping()\n"
        "asyncio.run(run())\n"
    )
    command = [sys.executable, "-c", program, database_url]
    processes = [subprocess.Popen(command, cwd=_ROOT, stderr=subprocess.PIPE) for _ in range(4)]
    errors = [process.communicate(timeout=60)[1].decode() for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, errors


def test_a_transaction_that_fails_leaves_nothing(database_url: str) -> None:
    async def run() -> int:
        async with open_database(database_url) as database:
            with pytest.raises(ZeroDivisionError):
                await _write(database, "a", fail=True)
            await _write(database, "b", fail=False)
            async with database.reading() as connection:
                return len((await connection.execute(select(audit))).all())

    assert asyncio.run(run()) == 1


def test_many_writers_take_turns(database_url: str) -> None:
    async def run() -> int:
        async with open_database(database_url) as one, open_database(database_url) as other:
            await asyncio.gather(
                *(_write(database, f"{n}", fail=False) for n in range(30) for database in (one, other))
            )
            async with one.reading() as connection:
                return len((await connection.execute(select(audit))).all())

    assert asyncio.run(run()) == 60


async def _write(database: Database, name: str, *, fail: bool) -> None:
    row = {"id": new_id(), "at": datetime.now(UTC), "actor": "ana", "action": name, "details": {}}
    async with database.writing() as connection:
        await connection.execute(insert(audit).values(row))
        if fail:
            raise ZeroDivisionError


def test_what_sqlite_must_do_for_us(tmp_path: Path) -> None:
    """WAL, a sync at every commit (I4), and foreign keys that count."""

    async def run() -> list[object]:
        async with open_database(url(tmp_path)) as database, database.reading() as connection:
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            return [(await connection.execute(text(f"PRAGMA {name}"))).scalar_one() for name in names]

    assert asyncio.run(run()) == ["wal", 2, 1, 10_000]


def test_a_database_that_can_not_be_used_is_unavailable(tmp_path: Path) -> None:
    async def run(address: str) -> None:
        try:
            async with open_database(address):
                pass
        finally:
            # A driver's thread whose connection failed still wants the loop, and nothing tells when it is done.
            while any("connection_worker" in thread.name for thread in threading.enumerate()):
                await asyncio.sleep(0.01)

    (tmp_path / "api.sqlite").write_bytes(b"this is no database" * 100)
    for address in (url(tmp_path), f"sqlite:///{tmp_path}/nowhere/api.sqlite"):
        with pytest.raises(Unavailable):
            asyncio.run(run(address))
    with pytest.raises(InvalidInput):
        asyncio.run(run("mysql://localhost/x"))
