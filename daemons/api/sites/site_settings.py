"""What people change of a site beside its content."""

from sqlalchemy import update

from daemons.api.accounts.audit import record_action
from daemons.api.accounts.site_access import OwnedSite
from daemons.api.database.connection import Database
from daemons.api.database.tables import sites
from daemons.api.sites.plain_letters import title_columns


class SiteSettings:
    """Changes them; raises Unavailable if the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_title(self, site: OwnedSite, title: str) -> None:
        """Call a site otherwise; its address and its pages stay as they are."""
        before = site.row.title
        if title == before:
            return
        async with self._database.writing() as connection:
            await connection.execute(update(sites).where(sites.c.name == site.name).values(title_columns(title)))
            await record_action(connection, site.user.email, "site.update", site.name, title=title, before=before)
