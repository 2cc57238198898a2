"""Who may see which site: its owner and administrators; for everybody else it does not exist.

A route asks once, and gets an `OwnedSite`. Services take that instead of a name, so none checks again and none forgets.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.accounts.accounts import Account
from daemons.api.database.connection import Database
from daemons.api.database.tables import sites, users
from shared.domain.errors import NotFound
from shared.domain.vocabulary import SITE_NAME_PATTERN, Record

_NAME = re.compile(SITE_NAME_PATTERN)


class SiteRow(Record):
    """What SQL knows of a site; `owner` is an e-mail address."""

    name: str
    title: str
    template: str | None
    owner_id: str
    owner: str
    created_at: datetime


@dataclass(frozen=True)
class OwnedSite:
    """A site, and a user who may see and change it; only `own_site` makes one."""

    row: SiteRow
    user: Account

    @property
    def name(self) -> str:
        return self.row.name


class SiteAccess:
    """Finds the sites that people name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def own(self, user: Account, name: str) -> OwnedSite:
        """The user's site; raises NotFound, the same whether it is another's or nobody's."""
        async with self._database.reading() as connection:
            return await own_site(connection, user, name)


SITE_COLUMNS = (*sites.c, users.c.email.label("owner"))
_BY_NAME = select(*SITE_COLUMNS).join(users, users.c.id == sites.c.owner_id).where(sites.c.name == bindparam("name"))


def visible_sites(user: Account) -> ColumnElement[bool]:
    """The condition that a row of `sites` may be seen."""
    return true() if user.admin else sites.c.owner_id == user.id


async def find_site(connection: AsyncConnection, name: str) -> SiteRow | None:
    """A site, whoever owns it."""
    if not _NAME.fullmatch(name):
        return None
    row = (await connection.execute(_BY_NAME, {"name": name})).mappings().one_or_none()
    return site_row(row) if row else None


async def own_site(connection: AsyncConnection, user: Account, name: str) -> OwnedSite:
    """See SiteAccess.own; for who has a connection."""
    row = await find_site(connection, name)
    if row is None or not (user.admin or row.owner_id == user.id):
        raise NotFound(f"There is no site {name[:60]!r} among yours.", "List your sites to see their names.")
    return OwnedSite(row, user)


def site_row(row: Mapping[Any, Any]) -> SiteRow:
    """A row of `SITE_COLUMNS` as a record."""
    return SiteRow.model_validate(dict(row))
