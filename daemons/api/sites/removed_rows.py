"""Deleted sites in SQL, always inside the caller's transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.audit import record_action
from daemons.api.accounts.site_access import GRACE, SITE_COLUMNS, SiteRow, removed_sites, site_row
from daemons.api.database.tables import jobs, messages, sites, uploads, users

EXPIRY = "pagewright"  # who deletes a site for good when its time is over


async def mark_removed(connection: AsyncConnection, name: str, by: str, now: datetime) -> None:
    """Hide a site; one that is hidden already keeps its date."""
    query = update(sites).where(sites.c.name == name, sites.c.removed_at.is_(None))
    if (await connection.execute(query.values(removed_at=now, removed_by=by))).rowcount:
        await record_action(connection, by, "site.delete", name)


async def unmark_removed(connection: AsyncConnection, name: str, by: str, now: datetime) -> bool:
    """Show a site again; False if its time is over."""
    query = update(sites).where(sites.c.name == name, sites.c.removed_at > now - GRACE, sites.c.gone_at.is_(None))
    found = bool((await connection.execute(query.values(removed_at=None, removed_by=None))).rowcount)
    if found:
        await record_action(connection, by, "site.undelete", name)
    return found


async def mark_gone(connection: AsyncConnection, name: str, now: datetime) -> None:
    """Delete a hidden site for good, whose versions storage keeps; the first of several apis does it."""
    query = update(sites).where(sites.c.name == name, sites.c.removed_at.is_not(None), sites.c.gone_at.is_(None))
    if (await connection.execute(query.values(gone_at=now))).rowcount:
        await record_action(connection, EXPIRY, "site.expire", name)


async def forget_requests(connection: AsyncConnection, name: str) -> None:
    """Delete what was asked for and said about a site, so that the next owner of its name finds nothing of it."""
    for table in (messages, jobs, uploads):
        await connection.execute(delete(table).where(table.c.site == name))


async def list_removed(connection: AsyncConnection, user: Account, now: datetime) -> list[SiteRow]:
    """The deleted sites that the user may bring back, the last one first."""
    rows = (await connection.execute(removed_query(user, now))).mappings()
    return [site_row(row) for row in rows]


def removed_query(user: Account, now: datetime) -> Select[Any]:
    """The rows of the deleted sites that the user may bring back; its cost is that of their number."""
    query = select(*SITE_COLUMNS).join(users, users.c.id == sites.c.owner_id).where(removed_sites(user, now))
    return query.order_by(sites.c.removed_at.desc()).limit(100)


async def hidden_sites(connection: AsyncConnection) -> list[SiteRow]:
    """All deleted sites that are not gone yet, whoever owns them."""
    query = select(*SITE_COLUMNS).join(users, users.c.id == sites.c.owner_id)
    rows = await connection.execute(query.where(sites.c.removed_at.is_not(None), sites.c.gone_at.is_(None)))
    return [site_row(row) for row in rows.mappings()]
