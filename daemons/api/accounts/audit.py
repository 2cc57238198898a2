"""The audit trail: who did what, when. Rows are only ever added."""

from datetime import UTC, datetime

from pydantic import JsonValue
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.database.connection import Database
from daemons.api.database.paging import Page, page_of
from daemons.api.database.tables import audit
from shared.domain.vocabulary import Record, new_id

# Visitors shall see nothing. Not `deploy.current`: whoever reads that expects a version.
TAKE_DOWN = "take-down"


class AuditEntry(Record):
    """One thing that a person did; `details` depends on the action and never holds a secret.

    They hold a message only where nothing else does: `job.edit` has the text before and after.
    """

    id: str
    at: datetime
    actor: str
    action: str
    site: str | None
    details: dict[str, JsonValue]


async def record_action(
    connection: AsyncConnection, actor: str, action: str, site: str | None = None, **details: JsonValue
) -> None:
    """Add an entry in the same transaction as the deed itself."""
    entry = AuditEntry(id=new_id(), at=datetime.now(UTC), actor=actor, action=action, site=site, details=details)
    await connection.execute(insert(audit).values(entry.model_dump()))


class AuditTrail:
    """Reads the trail, and records deeds that have no transaction of their own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, actor: str, action: str, site: str | None = None, **details: JsonValue) -> None:
        """Add an entry; raises Unavailable."""
        async with self._database.writing() as connection:
            await record_action(connection, actor, action, site, **details)

    async def entries(self, site: str | None, cursor: str | None, limit: int) -> Page[AuditEntry]:
        """Newest first, of one site or of everything."""
        query = select(audit).order_by(audit.c.id.desc()).limit(limit + 1)
        if site is not None:
            query = query.where(audit.c.site == site)
        if cursor is not None:
            query = query.where(audit.c.id < cursor)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings()
            return page_of([AuditEntry.model_validate(dict(row)) for row in rows], limit, lambda entry: entry.id)
