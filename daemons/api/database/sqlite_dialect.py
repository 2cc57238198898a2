"""SQLite as SQLAlchemy speaks to it, without the rounds to a connection's thread that end nothing.

A query that stands alone begins no transaction, yet SQLAlchemy commits after it and rolls back when the connection goes
back to the pool: two of six rounds.
"""

from weakref import WeakSet

from sqlalchemy import Connection
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.pool import PoolProxiedConnection

DRIVER = "sqlite+pagewright"
_alone: WeakSet[object] = WeakSet()


class SqliteDialect(SQLiteDialect_aiosqlite):
    """The one of aiosqlite; `mark` says of each use of a connection whether there will be anything to end."""

    supports_statement_cache = True

    def do_commit(self, dbapi_connection: PoolProxiedConnection) -> None:
        if dbapi_connection.driver_connection not in _alone:
            super().do_commit(dbapi_connection)  # type: ignore[no-untyped-call]

    def do_rollback(self, dbapi_connection: PoolProxiedConnection) -> None:
        if dbapi_connection.driver_connection not in _alone:
            super().do_rollback(dbapi_connection)  # type: ignore[no-untyped-call]


def mark(connection: Connection, *, stands_alone: bool) -> None:
    """Say before anything is sent whether what follows stands alone; it holds until the next use says otherwise."""
    (_alone.add if stands_alone else _alone.discard)(connection.connection.driver_connection)


registry.register(DRIVER.replace("+", "."), __name__, SqliteDialect.__name__)
