"""What people change of a site beside its content."""

from sqlalchemy import update

from daemons.api.accounts.audit import record_action
from daemons.api.accounts.site_access import OwnedSite
from daemons.api.database.connection import Database
from daemons.api.database.tables import sites
from daemons.api.sites.plain_letters import title_columns
from shared.domain.check_rules import CheckRules


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

    async def set_checks(self, site: OwnedSite, rules: CheckRules | None) -> None:
        """Say which checks hold a change back from now on: None, or what is usual, for what is usual.

        A request that waits or runs is held to what was said when it was asked for.
        """
        wanted = rules.unusual if rules else None
        if wanted == site.row.checks:
            return
        stored = wanted.model_dump_json() if wanted else None
        async with self._database.writing() as connection:
            await connection.execute(update(sites).where(sites.c.name == site.name).values(check_rules=stored))
            told = wanted.model_dump(mode="json") if wanted else {}
            await record_action(connection, site.user.email, "site.checks", site.name, **told)
