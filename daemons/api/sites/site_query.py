"""Which sites a list shows, and in which order, as SQL; each question is answered by an index, but for a search."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.sql.elements import Tuple

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.site_access import SITE_COLUMNS, visible_sites
from daemons.api.database.tables import UtcTime, is_waiting, jobs, sites, users
from daemons.api.jobs.rows import UNFINISHED
from daemons.api.sites.plain_letters import plain
from daemons.api.sites.site_record import Site
from shared.domain.errors import InvalidInput

_CURSOR = re.compile(r"([0-9a-f]{14})-([a-z0-9-]{1,40})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MOST_WORDS = 8
_busy = select(jobs.c.site).where(jobs.c.state.in_(UNFINISHED))


class SiteOrder(StrEnum):
    """How a list of sites is sorted."""

    NAME = "name"
    CHANGED = "changed"


@dataclass(frozen=True)
class WantedSites:
    """Which sites somebody wants: those of a group, that wait, with all words of `search` in title, name or address."""

    order: SiteOrder = SiteOrder.NAME
    search: str = ""
    group: str = ""
    waiting: bool = False

    def cursor_of(self, site: Site) -> str:
        """Where a list in this order goes on behind a site."""
        if self.order is SiteOrder.NAME:
            return site.name
        return f"{(site.changed_at - _EPOCH) // _MICROSECOND:014x}-{site.name}"


def sites_query(user: Account, wanted: WantedSites, cursor: str | None, limit: int) -> Select[tuple[object, ...]]:
    """One more site than `limit`, each with whether a job of it is `working`; raises InvalidInput for no cursor."""
    query = select(*SITE_COLUMNS, sites.c.name.in_(_busy).label("working"))
    # Every site has an owner; an outer join keeps SQLite from beginning with the owners, and then sorting all sites.
    query = query.outerjoin(users, users.c.id == sites.c.owner_id).where(visible_sites(user), *_conditions(wanted))
    if wanted.order is SiteOrder.NAME:
        query = query.order_by(sites.c.name)
        return (query.where(sites.c.name > cursor) if cursor else query).limit(limit + 1)
    if cursor:
        query = query.where(tuple_(sites.c.changed_at, sites.c.name) < _place(cursor))
    return query.order_by(sites.c.changed_at.desc(), sites.c.name.desc()).limit(limit + 1)


def _conditions(wanted: WantedSites) -> list[ColumnElement[bool]]:
    title = func.coalesce(sites.c.plain_title, func.lower(sites.c.title))  # a release before this one leaves it out
    words = plain(wanted.search).split()[:_MOST_WORDS]
    found: list[ColumnElement[bool]] = [
        or_(*(one.contains(word, autoescape=True) for one in (title, sites.c.name, sites.c.address))) for word in words
    ]
    if wanted.group:
        found.append(sites.c.group_name == wanted.group)
    if wanted.waiting:
        found.append(and_(is_waiting, sites.c.name.not_in(_busy)))
    return found


def _place(cursor: str) -> Tuple:
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise InvalidInput("The list does not go on from here.", "Begin the list anew.")
    at = _EPOCH + int(found[1], 16) * _MICROSECOND
    return tuple_(literal(at, UtcTime), literal(found[2]))
