"""The database as a portable file: `python -m daemons.api.database.dump dump TARGET`, and `… load FILE [--replace]`.

It runs as the api does, with the api's setting of the database. A dump is what the tables hold at one moment, while the
daemon works. Loading is one transaction, all of the file or nothing, while the daemon is stopped. A dump of SQLite can
be loaded into PostgreSQL and the other way round.
"""

import argparse
import asyncio
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, DateTime, MetaData, Table, exc, insert, inspect, make_url, select, text

from daemons.api.database.connection import connect
from daemons.api.database.dump_file import DumpWriter, Row, check_dump, dumped_rows
from daemons.api.database.revisions import TABLE, is_known, revision_of, upgrade
from daemons.api.database.tables import metadata
from shared.domain.errors import Conflict, InvalidInput, NotFound
from shared.runtime.backups import KEEP, appearing, check_owner, next_backup
from shared.runtime.command import carry_out
from shared.runtime.service import load_settings
from shared.runtime.settings import DatabaseSettings

_BATCH = 500


async def dump(url: str, target: Path, keep: int) -> str:
    """Write a dump: to the new file `target`, or into the folder `target`, where only `keep` stay. Tells it."""
    _check_present(url)
    async with connect(url) as database, database.snapshot() as connection:
        with _written(target, keep) as partial:
            rows = await connection.run_sync(_write, partial)
    return f"{rows} rows dumped."


def _check_present(url: str) -> None:
    """SQLite would make a file that is missing."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        raise NotFound(f"There is no database {parsed.database}.", "The api makes it at its first start.")


def _written(target: Path, keep: int) -> AbstractContextManager[Path]:
    return next_backup(target, ".jsonl", keep) if target.is_dir() else appearing(target)


def _write(connection: Connection, path: Path) -> int:
    revision = revision_of(connection)
    if revision is None:
        raise NotFound("The database has no tables.", "The api makes them at its first start.")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        writer = DumpWriter(file, revision)
        for table in _tables(connection, revision).sorted_tables:
            if table.name != TABLE:
                writer.table(table.name, list(table.columns.keys()), _rows(connection, table))
        rows = writer.end()
        file.flush()
        os.fsync(file.fileno())
    return rows


def _rows(connection: Connection, table: Table) -> Iterator[Row]:
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_BATCH)
    return (list(row) for row in connection.execute(query))


def _tables(connection: Connection, revision: str) -> MetaData:
    """PageWright's tables as the database has them.

    Those of a newer revision, as a rollback leaves them, are not told from strangers' tables: then it is all there are.
    """
    found = MetaData()
    found.reflect(connection, only=(lambda name, _: name in metadata.tables) if is_known(revision) else None)
    for kind in (column.type for table in found.tables.values() for column in table.columns):
        if isinstance(kind, JSON):
            kind.none_as_null = True  # as in our tables: no JSON is NULL, not the word null
    return found


async def load(url: str, path: Path, *, replace: bool) -> str:
    """Make the database what a dump holds, and tell it. Raises before anything is changed, or changes nothing."""
    _check_owner(url)
    revision = check_dump(path)
    if not is_known(revision):
        raise InvalidInput(
            f"The dump has tables of a newer PageWright (revision {revision}).", "Load it with that one."
        )

    def change(connection: Connection) -> int:
        _check_replaceable(connection, replace=replace)
        _drop(connection)
        upgrade(connection, revision)
        rows = _insert(connection, path, revision)
        upgrade(connection)
        return rows

    try:
        async with connect(url) as database:
            rows = await database.change_tables(change)
    except (exc.IntegrityError, exc.DataError, exc.ProgrammingError) as error:
        raise InvalidInput(f"The database refuses what the dump holds: {error.orig}", "Nothing was changed.") from None
    return f"{rows} rows loaded."


def _check_owner(url: str) -> None:
    """Files that SQLite makes for root would be lost on the api."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        check_owner(Path(parsed.database).parent)


def _check_replaceable(connection: Connection, *, replace: bool) -> None:
    present = revision_of(connection)
    if present is None:
        return
    if not is_known(present):
        raise Conflict(f"The database has tables of a newer PageWright (revision {present}).", "Use that one.")
    if not replace and connection.execute(text("SELECT 1 FROM sites LIMIT 1")).first():
        raise Conflict("The database has sites already.", "With --replace they and all the rest are deleted.")


def _drop(connection: Connection) -> None:
    """Drop the tables that are ours, so that those of the dump's revision can be made."""
    ours = {TABLE, *metadata.tables} & set(inspect(connection).get_table_names())
    found = MetaData()
    found.reflect(connection, only=sorted(ours))
    found.drop_all(connection)


def _insert(connection: Connection, path: Path, revision: str) -> int:
    tables, total = _tables(connection, revision).tables, 0
    for name, group in groupby(dumped_rows(path), lambda pair: pair[0]):
        if name not in tables:
            raise InvalidInput(f"The dump has a table {name}, which is not PageWright's.", "Nothing was changed.")
        rows = (_values(tables[name], values) for _, values in group)
        while batch := list(islice(rows, _BATCH)):
            connection.execute(insert(tables[name]), batch)
            total += len(batch)
    return total


def _values(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """A row's values as the table's columns take them."""
    if set(values) != set(table.columns.keys()):
        raise InvalidInput(f"The columns of {table.name} in the dump are not PageWright's.", "Nothing was changed.")
    times = {name for name, value in values.items() if value and isinstance(table.columns[name].type, DateTime)}
    return values | {name: datetime.fromisoformat(values[name]) for name in times}


def main() -> None:
    """The command; exits 1 with a sentence if it can't be done, 2 on bad settings or a wrong command line."""
    parser = argparse.ArgumentParser(prog="python -m daemons.api.database.dump", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    dumping = commands.add_parser("dump", help="Write what the database holds.")
    dumping.add_argument("target", type=Path, help="a new file, or a folder of backups, where it is named by its time")
    dumping.add_argument("--keep", type=int, default=KEEP, help=f"how many newest stay in the folder ({KEEP})")
    loading = commands.add_parser("load", help="Make the database what a dump holds; the api is stopped.")
    loading.add_argument("file", type=Path, help="the dump")
    loading.add_argument("--replace", action="store_true", help="even if the database has sites")
    arguments = parser.parse_args()
    url = load_settings(DatabaseSettings).api_database_url.get_secret_value()
    if arguments.command == "dump":
        carry_out(lambda: asyncio.run(dump(url, arguments.target, arguments.keep)))
    else:
        carry_out(lambda: asyncio.run(load(url, arguments.file, replace=arguments.replace)))


if __name__ == "__main__":
    main()
