"""The SQL database: one code path for SQLite and PostgreSQL, short transactions, clear errors.

`reading()` and `writing()` are the only ways in. On SQLite a writer takes the write lock at its first statement, so
that no transaction fails half way for want of it; on both, what `writing()` has left is committed and durable.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from sqlalchemy import URL, Connection, Table, event, exc, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from daemons.api.database import sqlite_dialect
from daemons.api.database.revisions import is_known, revision_of, upgrade
from shared.domain.errors import InvalidInput, Unavailable

_log = logging.getLogger(__name__)
T = TypeVar("T")

# All are kept. One that is opened for a crowd and closed again costs more than its query: on SQLite it is a thread.
_CONNECTIONS = 10
_DRIVERS = {"sqlite": sqlite_dialect.DRIVER, "postgresql": "postgresql+psycopg"}
_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 10000")
# Any number will do, as long as every api process takes the same.
_MIGRATION_LOCK = 7_294_710_355


class Database:
    """An open database; made by `open_database`, or by `connect` for who looks after the tables."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        # SQLite lets one writer in at a time. Waiting in line here is fair; its own waiting is a race of sleepers.
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for queries; raises Unavailable if the database can't be reached.

        On SQLite each query stands alone, without a statement that begins a transaction: see `snapshot`.
        """
        with _clear_errors():
            async with self._engine.connect() as plain:
                connection = await plain.execution_options(pagewright_reads=True)
                async with connection.begin():
                    yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that commits at the end and rolls back on an error; raises Unavailable."""
        if not self._is_sqlite:
            async with self.reading() as connection:
                yield connection
            return
        with _clear_errors():
            async with self._turn, self._engine.connect() as plain:
                connection = await plain.execution_options(pagewright_writes=True)
                async with connection.begin():
                    yield connection

    @asynccontextmanager
    async def writing_alone(self, table: Table) -> AsyncIterator[AsyncConnection]:
        """As `writing`, and until its end nobody else writes to the table, so that what was counted stays true."""
        async with self.writing() as connection:
            if not self._is_sqlite:  # where every writer is alone
                await connection.execute(text(f"LOCK TABLE {table.name} IN EXCLUSIVE MODE"))
            yield connection

    @property
    def product(self) -> str:
        """Which database it is, and its version: `SQLite 3.40.1`."""
        version = self._engine.dialect.server_version_info or ()
        return " ".join(["SQLite" if self._is_sqlite else "PostgreSQL", ".".join(map(str, version))])

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose queries all see the database as it was at the first one; raises Unavailable."""
        with _clear_errors():
            async with self._engine.connect() as connection:
                if not self._is_sqlite:  # which does so by itself
                    await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                async with connection.begin():
                    yield connection

    async def ping(self) -> None:
        """Raises Unavailable if the database does not answer."""
        async with self.reading() as connection:
            await connection.execute(text("SELECT 1"))

    async def change_tables(self, change: Callable[[Connection], T]) -> T:
        """Let a function change the tables in one transaction; of several processes one does it at a time."""
        async with self.writing() as connection:
            if not self._is_sqlite:
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            return await connection.run_sync(change)


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """The database at a SQLAlchemy URL (`sqlite:///…` or `postgresql://…`), with its tables up to date."""
    async with connect(url) as database:
        await database.change_tables(_bring_up_to_date)
        yield database


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[Database]:
    """The database with the tables that it has, if any."""
    parsed = make_url(url)
    family = parsed.get_backend_name()
    if family not in _DRIVERS:
        raise InvalidInput(f"The database {family} is not supported.", "Use an sqlite: or postgresql: URL.")
    engine = _engine(parsed.set(drivername=_DRIVERS[family]), pool_pre_ping=family != "sqlite")
    if family == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    try:
        yield Database(engine)
    finally:
        await engine.dispose()


def _engine(url: URL, *, pool_pre_ping: bool) -> AsyncEngine:
    try:
        return create_async_engine(url, pool_pre_ping=pool_pre_ping, pool_size=_CONNECTIONS, max_overflow=0)
    except ModuleNotFoundError as error:
        raise InvalidInput(
            f"The database driver {error.name} is not installed.", "Install it beside PageWright."
        ) from None


def _prepare_sqlite(connection: DBAPIConnection, _: object) -> None:
    """Set up a new connection; the driver must not begin transactions by itself, for it would begin them too late."""
    try:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    except BaseException:
        connection.close()  # nobody else would, and it has a thread
        raise


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    reads = bool(options.get("pagewright_reads"))
    sqlite_dialect.mark(connection, stands_alone=reads)
    if reads:
        return
    writes = options.get("pagewright_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _bring_up_to_date(connection: Connection) -> None:
    revision = revision_of(connection)
    if revision is not None and not is_known(revision):
        _log.warning("the database's tables are those of a newer PageWright (revision %s): it has all we use", revision)
        return
    upgrade(connection)


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except (exc.IntegrityError, exc.DataError, exc.ProgrammingError):
        raise
    except (exc.DBAPIError, exc.TimeoutError) as error:
        # Only the driver's sentence: the statement's values may be what a person wrote.
        _log.error("the database failed: %s", getattr(error, "orig", None) or type(error).__name__)
        raise Unavailable("The database can't be used right now.", "Try again in a moment.") from None
