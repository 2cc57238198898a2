"""The list of a person's sites: one statement tells which, one call to storage what is in all of them."""

from dataclasses import dataclass

from sqlalchemy import select

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.site_access import SITE_COLUMNS, SiteRow, site_row, visible_sites
from daemons.api.database.connection import Database
from daemons.api.database.paging import Page, page_of
from daemons.api.database.tables import jobs, sites, users
from daemons.api.jobs.rows import UNFINISHED
from daemons.api.sites.site_record import Site, site_from
from shared.clients.storage import StorageClient
from shared.domain.site_summary import SiteSummary


@dataclass(frozen=True)
class ListedSite:
    """A site in the list; `summary` is None if storage can't read it, `working` says that a job has not ended."""

    site: Site
    summary: SiteSummary | None
    working: bool


class SiteList:
    """Lists sites; raises Unavailable if the database or storage is away."""

    def __init__(self, database: Database, storage: StorageClient, sites_url: str) -> None:
        self._database = database
        self._storage = storage
        self._sites_url = sites_url

    async def page(self, user: Account, cursor: str | None, limit: int) -> Page[ListedSite]:
        """The user's sites, for an administrator everybody's; by name."""
        page = page_of(await self._rows(user, cursor, limit), limit, lambda found: found[1].name)
        summaries = await self._storage.summaries([row.name for _, row in page.items])
        known = {summary.head.site: summary for summary in summaries.items}
        items = [self._listed(row, known.get(row.name), working=working) for working, row in page.items]
        return Page(items=items, next=page.next)

    def _listed(self, row: SiteRow, summary: SiteSummary | None, *, working: bool) -> ListedSite:
        return ListedSite(site_from(row, summary.head if summary else None, self._sites_url), summary, working)

    async def _rows(self, user: Account, cursor: str | None, limit: int) -> list[tuple[bool, SiteRow]]:
        """One more site than `limit`, each with whether a job of it has not ended."""
        busy = select(jobs.c.site).where(jobs.c.state.in_(UNFINISHED))
        query = select(*SITE_COLUMNS, sites.c.name.in_(busy).label("working"))
        query = query.join(users, users.c.id == sites.c.owner_id).where(visible_sites(user))
        query = query.order_by(sites.c.name).limit(limit + 1)
        if cursor is not None:
            query = query.where(sites.c.name > cursor)
        async with self._database.reading() as connection:
            rows = [dict(row) for row in (await connection.execute(query)).mappings()]
        return [(bool(row.pop("working")), site_row(row)) for row in rows]
