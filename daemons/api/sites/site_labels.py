"""Which site each label of the sites' domain belongs to, always inside the caller's transaction.

A label is a site's name, its address, or one that it had before. A name stays a site's until that is gone for good.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.database.tables import addresses, sites
from daemons.api.sites.site_names import NameTaken

# Until then others don't get a former address: every web host has let go of it, whatever its clock says.
SPARED = timedelta(days=1)


async def claim_label(connection: AsyncConnection, label: str, site: str, now: datetime) -> bool:
    """Make a label a site's own, unless it is; False if it was. Raises NameTaken, after which nothing can be written.

    Of several who claim it at once, one gets it.
    """
    found = await connection.execute(select(addresses.c.site).where(_is(label), ~_is_free(now)))
    if found.scalar_one_or_none() == site:
        return False
    values = {"site": site, "at": now, "until": None}
    if (await connection.execute(update(addresses).where(_is(label), _is_free(now)).values(values))).rowcount:
        return True
    try:
        await connection.execute(insert(addresses).values(label=label, **values))
    except IntegrityError:
        raise NameTaken(label) from None
    return True


async def unclaim_label(connection: AsyncConnection, label: str, site: str) -> None:
    """Give back a label that was claimed for a site, which did not get it."""
    await connection.execute(delete(addresses).where(_is(label), addresses.c.site == site, addresses.c.label != site))


async def taken_labels(connection: AsyncConnection, labels: Collection[str], now: datetime) -> set[str]:
    """Those of these labels that belong to a site."""
    query = select(addresses.c.label).where(addresses.c.label.in_(labels), ~_is_free(now))
    return set((await connection.execute(query)).scalars())


def _is(label: str) -> ColumnElement[bool]:
    return addresses.c.label == label


def _is_free(now: datetime) -> ColumnElement[bool]:
    """Whether a label belongs to nobody any more."""
    ended = and_(addresses.c.until.is_not(None), addresses.c.until < now - SPARED)
    gone = select(sites.c.name).where(sites.c.gone_at.is_not(None))
    return or_(ended, and_(addresses.c.label == addresses.c.site, addresses.c.site.in_(gone)))
