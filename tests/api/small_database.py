"""A small SQLite database with people, sites and jobs, written straight into its tables; and requests without HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from sqlalchemy import insert
from starlette.requests import Request

from daemons.api.accounts.accounts import Account
from daemons.api.database.connection import Database, open_database
from daemons.api.database.tables import sites, users
from shared.domain.vocabulary import JobKind, JobRequest

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANA = Account(id="a", email="ana@example.org", admin=False, created_at=NOW)
BEN = Account(id="b", email="ben@example.org", admin=False, created_at=NOW)
ROOT = Account(id="r", email="root@example.org", admin=True, created_at=NOW)
_IDS = count(1)


@asynccontextmanager
async def small_database(folder: Path, *names: str, url: str = "") -> AsyncIterator[Database]:
    """A database with ana, ben and root, and sites of ana's with these names; SQLite, or at a URL."""
    async with open_database(url or f"sqlite:///{folder}/api.sqlite") as database:
        async with database.writing() as connection:
            await connection.execute(insert(users), [user.model_dump() for user in (ANA, BEN, ROOT)])
            for name in names:
                row = {"name": name, "owner_id": ANA.id, "title": name.title(), "created_at": NOW}
                await connection.execute(insert(sites).values(row))
        yield database


def edit(message: str = "Make it blue.", *, site: str = "bakery", kind: JobKind = JobKind.EDIT) -> JobRequest:
    """A request of ana's."""
    return JobRequest(id=f"{next(_IDS):028x}", site=site, kind=kind, message=message, author=ANA.email, created_at=NOW)


def http_request(path: str = "/", client: tuple[str, int] | None = None, query: str = "", **headers: str) -> Request:
    """A GET as Starlette has it; in the names of headers `_` stands for `-`."""
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": raw}
    return Request(scope | {"client": client, "path_params": {}, "scheme": "http", "server": ("app.test", 80)})
