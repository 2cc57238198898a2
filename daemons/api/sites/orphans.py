"""Sites that storage has and SQL does not know, because the database was restored from an older backup than storage."""

import asyncio
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.audit import record_action
from daemons.api.database.connection import Database
from daemons.api.database.paging import Page, page_of
from daemons.api.database.tables import sites
from daemons.api.sites.plain_letters import title_columns
from daemons.api.sites.site_labels import claim_label
from shared.clients.storage import StorageClient
from shared.domain.errors import Conflict, NotFound
from shared.domain.vocabulary import Record, SiteHead, VersionNumber

_BATCH = 500


class Orphan(Record):
    """A site without an owner; `author` asked for its newest version, and is null if there is none."""

    name: str
    latest: VersionNumber | None
    author: str | None


class Orphans:
    """Names them and finds them an owner; raises Unavailable if a part is away."""

    def __init__(self, database: Database, storage: StorageClient) -> None:
        self._database = database
        self._storage = storage

    async def list_orphans(self, cursor: str | None, limit: int) -> Page[Orphan]:
        """By name; looks through all of storage, if need be."""
        found: list[SiteHead] = []
        after: str | None = cursor or ""
        while after is not None and len(found) <= limit:
            heads, after = await self._storage.sites(after, _BATCH)
            found += await self._unknown(heads)
        page = page_of(found, limit, lambda head: head.site)
        return Page(items=await asyncio.gather(*map(self._orphan, page.items)), next=page.next)

    async def adopt(self, name: str, owner: Account, *, by: str) -> None:
        """Make an orphan a user's own; its title is its name. Raises NotFound, or Conflict if it has an owner."""
        if not (await self._storage.head(name)).fence:
            raise NotFound(f"Storage has no site {name}.", "`pagewright site orphans` names those without an owner.")
        now = datetime.now(UTC)
        row = {"name": name, "owner_id": owner.id, "created_at": now, "changed_at": now, **title_columns(name)}
        try:
            async with self._database.writing() as connection:
                await claim_label(connection, name, name, now)
                await connection.execute(insert(sites).values(row))
                await record_action(connection, by, "site.adopt", name, owner=owner.email)
        except IntegrityError:
            raise Conflict(f"The site {name} has an owner.", "Look at it: `pagewright site show` names them.") from None

    async def _unknown(self, heads: list[SiteHead]) -> list[SiteHead]:
        query = select(sites.c.name).where(sites.c.name.in_([head.site for head in heads]))
        async with self._database.reading() as connection:
            known = set((await connection.execute(query)).scalars())
        return [head for head in heads if head.site not in known]

    async def _orphan(self, head: SiteHead) -> Orphan:
        newest = await self._storage.version(head.site, head.latest) if head.latest else None
        return Orphan(name=head.site, latest=head.latest, author=newest.author if newest else None)
