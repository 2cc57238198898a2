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

    async def change(self, site: OwnedSite, title: str, group: str | None) -> None:
        """Call a site otherwise, put it into a group, or out of any; its address and its pages stay as they are.

        What is as in `site.row` stays, also if somebody else has changed it since that was read.
        """
        before, changed = site.row, update(sites).where(sites.c.name == site.name)
        if (title, group) == (before.title, before.group):
            return
        async with self._database.writing() as connection:
            if title != before.title:
                told = {"title": title, "before": before.title}
                await connection.execute(changed.values(title_columns(title)))
                await record_action(connection, site.user.email, "site.update", site.name, **told)
            if group != before.group:
                await connection.execute(changed.values(group_name=group))
                await record_action(connection, site.user.email, "site.group", site.name, group=group)
