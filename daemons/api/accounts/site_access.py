"""Who may see which site: its owner and administrators; for everybody else it does not exist, nor does a deleted one.

A route asks once, and gets an `OwnedSite`. Services take that instead of a name, so none checks again and none forgets.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationError
from sqlalchemy import ColumnElement, and_, bindparam, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.accounts.accounts import Account
from daemons.api.database.connection import Database
from daemons.api.database.tables import sites, users
from shared.domain.check_rules import CheckRules
from shared.domain.errors import Gone, NotFound
from shared.domain.vocabulary import SITE_NAME_PATTERN, Record

_NAME = re.compile(SITE_NAME_PATTERN)
GRACE = timedelta(days=30)


def _stored_rules(value: object) -> object:
    """As the column holds them; what a later release wrote and this one can't read is as if nothing was said."""
    if not isinstance(value, str):
        return value
    with suppress(ValidationError):
        return CheckRules.model_validate_json(value)
    return None


class SiteRow(Record):
    """What SQL knows of a site; `owner` is an e-mail address, `ended` how a request ended that waits for them.

    `address` is where visitors find it if that is not its name. A deleted one has `removed_at`, later `gone_at` too.
    `checks` are what its owner says of its checks, None for nothing.
    """

    name: str
    title: str
    template: str | None
    owner_id: str
    owner: str
    created_at: datetime
    changed_at: datetime = datetime.fromtimestamp(0, UTC)
    group: str | None = None
    ended: str | None = None
    removed_at: datetime | None = None
    removed_by: str | None = None
    gone_at: datetime | None = None
    address: str | None = None
    checks: Annotated[CheckRules | None, BeforeValidator(_stored_rules)] = None

    @property
    def label(self) -> str:
        """Where visitors find it: a label of the sites' domain."""
        return self.address or self.name

    def is_gone(self, now: datetime) -> bool:
        """Whether nobody can bring it back any more."""
        return self.gone_at is not None or (self.removed_at is not None and now >= self.removed_at + GRACE)


@dataclass(frozen=True)
class OwnedSite:
    """A site, and a user who may see and change it; only `own_site` makes one."""

    row: SiteRow
    user: Account

    @property
    def name(self) -> str:
        return self.row.name


@dataclass(frozen=True)
class OwnedRemovedSite:
    """A deleted site, and a user who may bring it back; only `own_removed_site` makes one."""

    row: SiteRow
    user: Account


class SiteAccess:
    """Finds the sites that people name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def own(self, user: Account, name: str) -> OwnedSite:
        """The user's site; raises Gone for a deleted one, NotFound whether it is another's or nobody's."""
        async with self._database.reading() as connection:
            return await own_site(connection, user, name)

    async def own_removed(self, user: Account, name: str) -> OwnedRemovedSite:
        """A deleted site of the user's that can be brought back; raises NotFound."""
        async with self._database.reading() as connection:
            return await own_removed_site(connection, user, name)


_OF_REMOVAL = ("removed_at", "removed_by", "gone_at")
_OF_SITE = ("name", "title", "template", "owner_id", "created_at", "changed_at", "ended", "address", *_OF_REMOVAL)
SITE_COLUMNS = (
    *(sites.c[name] for name in _OF_SITE),
    sites.c.group_name.label("group"),
    sites.c.check_rules.label("checks"),
    users.c.email.label("owner"),
)
_BY_NAME = select(*SITE_COLUMNS).join(users, users.c.id == sites.c.owner_id).where(sites.c.name == bindparam("name"))


def visible_sites(user: Account) -> ColumnElement[bool]:
    """The condition that a row of `sites` may be seen."""
    return and_(sites.c.removed_at.is_(None), _owned(user))


def removed_sites(user: Account, now: datetime) -> ColumnElement[bool]:
    """The condition that a row of `sites` is a deleted one that the user may bring back."""
    return and_(sites.c.removed_at > now - GRACE, sites.c.gone_at.is_(None), _owned(user))


def _owned(user: Account) -> ColumnElement[bool]:
    return true() if user.admin else sites.c.owner_id == user.id


async def find_site(connection: AsyncConnection, name: str) -> SiteRow | None:
    """A site, whoever owns it, and a deleted one too: its name is taken."""
    if not _NAME.fullmatch(name):
        return None
    row = (await connection.execute(_BY_NAME, {"name": name})).mappings().one_or_none()
    return site_row(row) if row else None


async def own_site(connection: AsyncConnection, user: Account, name: str) -> OwnedSite:
    """See SiteAccess.own; for who has a connection."""
    row = await _own_row(connection, user, name)
    if row.removed_at:
        raise Gone(f"The site {name} was deleted.", "Bring it back first: the list of sites has “Deleted sites”.")
    return OwnedSite(row, user)


async def own_removed_site(connection: AsyncConnection, user: Account, name: str) -> OwnedRemovedSite:
    """See SiteAccess.own_removed; for who has a connection."""
    row = await _own_row(connection, user, name)
    if not row.removed_at:
        raise NotFound(f"The site {name} is not deleted.", "It is among your sites.")
    return OwnedRemovedSite(row, user)


async def _own_row(connection: AsyncConnection, user: Account, name: str) -> SiteRow:
    row = await find_site(connection, name)
    if row is None or row.is_gone(datetime.now(UTC)) or not (user.admin or row.owner_id == user.id):
        raise NotFound(f"There is no site {name[:60]!r} among yours.", "List your sites to see their names.")
    return row


def site_row(row: Mapping[Any, Any]) -> SiteRow:
    """A row of `SITE_COLUMNS` as a record."""
    return SiteRow.model_validate(dict(row))
