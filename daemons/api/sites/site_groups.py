"""Groups of sites, such as the clients of an agency: a word that owners give to sites which belong together."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select, update

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.audit import record_action
from daemons.api.accounts.site_access import visible_sites
from daemons.api.database.connection import Database
from daemons.api.database.tables import sites
from shared.domain.errors import InvalidInput

_LONGEST = 60
_MOST_GROUPS = 200


class SiteGroups:
    """The groups of people's sites; raises Unavailable if the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, user: Account) -> Sequence[str]:
        """The groups that the user's sites are in, by name."""
        async with self._database.reading() as connection:
            return (await connection.execute(groups_query(user))).scalars().all()

    async def put(self, user: Account, names: Sequence[str], group: str | None) -> None:
        """Put the user's sites of these names into a group, or out of any; others' sites stay as they are."""
        chosen = (sites.c.name.in_(names), visible_sites(user))
        async with self._database.writing() as connection:
            for name in (await connection.execute(select(sites.c.name).where(*chosen))).scalars().all():
                await record_action(connection, user.email, "site.group", name, group=group)
            await connection.execute(update(sites).where(*chosen).values(group_name=group))


def group_from(text: str) -> str | None:
    """A group as somebody typed it, None for nothing; raises InvalidInput if it is too long."""
    group = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    if len(group) > _LONGEST:
        raise InvalidInput("The group’s name is too long.", f"It has at most {_LONGEST} characters.")
    return group or None


def groups_query(user: Account) -> Select[str]:
    """The groups of the user's sites, by name: one step along the index for each."""
    named = (visible_sites(user), sites.c.group_name.is_not(None))
    groups = select(func.min(sites.c.group_name).label("name")).where(*named).cte("groups", recursive=True)
    following = select(func.min(sites.c.group_name)).where(*named, sites.c.group_name > groups.c.name)
    groups = groups.union_all(select(following.scalar_subquery()).where(groups.c.name.is_not(None)))
    return select(groups.c.name).where(groups.c.name.is_not(None)).limit(_MOST_GROUPS)
