"""SQLite as SQLAlchemy speaks to it, in as few rounds to a connection's thread as there are statements.

A round costs more than most queries. SQLAlchemy takes four for each: to make a cursor, to run the statement, to
fetch its rows, to close the cursor. A query that stands alone begins no transaction, yet SQLAlchemy commits after it
and rolls back when the connection goes back to the pool: two more.
"""

import sqlite3
from collections import deque
from collections.abc import Sequence
from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection
from sqlalchemy.connectors.asyncio import AsyncIODBAPIConnection, AsyncIODBAPICursor
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import PoolProxiedConnection

DRIVER = "sqlite+pagewright"
_alone: WeakSet[object] = WeakSet()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """SQLite's own cursor: made and closed here, where neither waits; a statement brings its rows along."""

    __slots__ = ()
    _awaitable_cursor_close = False

    def _make_new_cursor(self, connection: AsyncIODBAPIConnection) -> AsyncIODBAPICursor:
        try:
            return connection._conn.cursor()  # type: ignore[no-any-return]
        except Exception as error:
            self._adapt_connection._handle_exception(error)

    def _aenter_cursor(self, cursor: AsyncIODBAPICursor) -> AsyncIODBAPICursor:
        return cursor

    async def _execute_async(self, operation: str, parameters: Any) -> None:  # noqa: ANN401
        async with self._adapt_connection._execute_mutex:
            rows = await self._connection._execute(_rows_of, self._cursor, operation, parameters or ())
            self._rows = deque(rows)

    async def _executemany_async(self, operation: str, seq_of_parameters: Sequence[Any]) -> None:
        async with self._adapt_connection._execute_mutex:
            await self._connection._execute(self._cursor.executemany, operation, seq_of_parameters)


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _Cursor


class SqliteDialect(SQLiteDialect_aiosqlite):
    """The one of aiosqlite; `mark` says of each use of a connection whether there will be anything to end."""

    supports_statement_cache = True

    def connect(self, *arguments: object, **options: object) -> DBAPIConnection:
        plain = super().connect(*arguments, **options)
        return _Connection(plain.dbapi, plain.driver_connection)  # type: ignore[return-value]

    def do_commit(self, dbapi_connection: PoolProxiedConnection) -> None:
        if dbapi_connection.driver_connection not in _alone:
            super().do_commit(dbapi_connection)  # type: ignore[no-untyped-call]

    def do_rollback(self, dbapi_connection: PoolProxiedConnection) -> None:
        if dbapi_connection.driver_connection not in _alone:
            super().do_rollback(dbapi_connection)  # type: ignore[no-untyped-call]


def mark(connection: Connection, *, stands_alone: bool) -> None:
    """Say before anything is sent whether what follows stands alone; it holds until the next use says otherwise."""
    (_alone.add if stands_alone else _alone.discard)(connection.connection.driver_connection)


def _rows_of(cursor: sqlite3.Cursor, operation: str, parameters: Sequence[object]) -> list[object]:
    """What a statement answers; runs in the connection's thread."""
    cursor.execute(operation, parameters)
    return cursor.fetchall() if cursor.description else []


registry.register(DRIVER.replace("+", "."), __name__, SqliteDialect.__name__)
