"""The list of a person's sites: one statement tells which, one call to storage what is in all of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.site_access import SiteRow, site_row
from daemons.api.database.connection import Database
from daemons.api.database.paging import Page, page_of
from daemons.api.sites.site_groups import SiteGroups
from daemons.api.sites.site_query import WantedSites, sites_query
from daemons.api.sites.site_record import Site, site_from, waiting_for
from shared.clients.storage import StorageClient
from shared.domain.site_summary import MOST_SUMMARIES, SiteSummary

ALL_SITES = WantedSites()


@dataclass(frozen=True)
class ListedSite:
    """A site in the list; `summary` is None if storage can't read it, `working` says that a job has not ended."""

    site: Site
    summary: SiteSummary | None
    working: bool


class SiteList:
    """Lists sites, whose `groups` it knows too; raises Unavailable if the database or storage is away."""

    def __init__(self, database: Database, storage: StorageClient, sites_url: str) -> None:
        self.groups = SiteGroups(database)
        self._database = database
        self._storage = storage
        self._sites_url = sites_url

    async def page(
        self, user: Account, cursor: str | None, limit: int, wanted: WantedSites = ALL_SITES
    ) -> Page[ListedSite]:
        """The user's sites, for an administrator everybody's."""
        async with self._database.reading() as connection:
            found = (await connection.execute(sites_query(user, wanted, cursor, limit))).mappings().all()
        rows = [dict(row) for row in found]
        known = await self._summaries([str(row["name"]) for row in rows[:limit]])
        listed = [self._listed(bool(row.pop("working")), site_row(row), known.get(str(row["name"]))) for row in rows]
        return page_of(listed, limit, lambda one: wanted.cursor_of(one.site))

    async def _summaries(self, names: Sequence[str]) -> dict[str, SiteSummary]:
        parts = [names[start : start + MOST_SUMMARIES] for start in range(0, len(names), MOST_SUMMARIES)]
        told = await asyncio.gather(*map(self._storage.summaries, parts))
        return {summary.head.site: summary for part in told for summary in part.items}

    def _listed(self, working: bool, row: SiteRow, summary: SiteSummary | None) -> ListedSite:
        head = summary.head if summary else None
        site = site_from(row, head, self._sites_url)
        return ListedSite(
            site.model_copy(update={"waiting": waiting_for(row, head, working=working)}), summary, working
        )
