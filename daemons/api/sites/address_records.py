"""SQL's copy of where visitors find each site, made equal to what storage has recorded; storage has the truth.

So a move that a process did not live to finish is finished by the next one, and a database that was restored from an
older backup learns of the moves since then.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.accounts.audit import record_action
from daemons.api.database.tables import addresses, sites
from daemons.api.sites.site_labels import claim_label
from shared.domain.site_address import SiteAddress, address_of

# By then it is clear how a move ended whose label was claimed.
_CLEAR_AFTER = timedelta(minutes=10)
_BY_NOBODY = "pagewright"


@dataclass(frozen=True)
class SiteLabels:
    """A site's labels beside its name, and until when each is its own; without an owner it has no `address` in SQL."""

    address: str | None
    until: Mapping[str, datetime | None] = field(default_factory=dict)
    claimed_at: Mapping[str, datetime] = field(default_factory=dict)

    def in_vain(self, wanted: Collection[str], now: datetime) -> list[str]:
        """Labels without end that are not wanted: the address of before, and claims for a move that has failed."""
        unwanted = [label for label, until in self.until.items() if until is None and label not in wanted]
        return [one for one in unwanted if one == self.address or self.claimed_at[one] < now - _CLEAR_AFTER]


async def read_labels(connection: AsyncConnection, *names: str) -> dict[str, SiteLabels]:
    """The labels of all sites that have one beside their name, or of those of these sites."""
    query = select(addresses, sites.c.name, sites.c.address).outerjoin(sites, sites.c.name == addresses.c.site)
    query = query.where(addresses.c.label != addresses.c.site).order_by(addresses.c.site, addresses.c.at)
    found = (await connection.execute(query.where(addresses.c.site.in_(names)) if names else query)).all()
    read: dict[str, SiteLabels] = {}
    for site, group in groupby(found, lambda row: str(row.site)):
        rows = list(group)
        until, claimed_at = {row.label: row.until for row in rows}, {row.label: row.at for row in rows}
        read[site] = SiteLabels(rows[0].address or rows[0].name, until, claimed_at)
    return read


def is_behind(site: str, known: SiteLabels, record: SiteAddress | None, now: datetime) -> bool:
    """Whether SQL does not know of a site what storage has recorded."""
    wanted = _wanted(site, record, now)
    is_elsewhere = known.address not in (None, address_of(site, record))
    return is_elsewhere or not wanted.items() <= known.until.items() or bool(known.in_vain(wanted, now))


async def follow_record(
    connection: AsyncConnection,
    site: str,
    record: SiteAddress | None,
    now: datetime,
    only_from: SiteLabels | None = None,
) -> None:
    """Make SQL know it; the audit trail hears of a new address once. Raises NameTaken if another has a label.

    Does nothing if SQL should be followed `only_from` what it knew before, and somebody has changed that meanwhile.
    """
    await connection.execute(select(sites.c.name).where(sites.c.name == site).with_for_update())  # one at a time
    known = (await read_labels(connection, site)).get(site, SiteLabels(site))
    if only_from not in (None, known):
        return
    wanted, address = _wanted(site, record, now), address_of(site, record)
    mine = update(addresses).where(addresses.c.site == site)
    for label, until in wanted.items():
        await claim_label(connection, label, site, now)
        await connection.execute(mine.where(addresses.c.label == label).values(until=until))
    await connection.execute(mine.where(addresses.c.label.in_(known.in_vain(wanted, now))).values(until=now))
    elsewhere = update(sites).where(sites.c.name == site, func.coalesce(sites.c.address, sites.c.name) != address)
    if (await connection.execute(elsewhere.values(address=None if address == site else address))).rowcount:
        by, before = record.by if record else _BY_NOBODY, known.address
        await record_action(connection, by, "site.address", site, address=address, before=before)


def _wanted(site: str, record: SiteAddress | None, now: datetime) -> dict[str, datetime | None]:
    """Until when labels beside its name are a site's own, as storage has recorded it; None: without end."""
    if record is None:
        return {}
    found: dict[str, datetime | None] = {one.label: one.until for one in record.leading(now)}
    found[record.address] = None
    found.pop(site, None)
    return found
