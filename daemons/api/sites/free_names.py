"""Finds names and addresses that nobody has, near one that is taken."""

from datetime import UTC, datetime

from daemons.api.accounts.accounts import Account
from daemons.api.database.connection import Database
from daemons.api.sites.site_labels import taken_labels
from daemons.api.sites.site_names import other_names
from shared.clients.storage import StorageClient

_MOST_ASKED = 8  # names that storage may know though SQL does not


async def free_names(database: Database, storage: StorageClient, user: Account, taken: str) -> list[str]:
    """The two best other names that neither SQL nor storage knows; raises Unavailable."""
    names = other_names(taken, user.email)
    async with database.reading() as connection:
        known = await taken_labels(connection, names, datetime.now(UTC))
    free = [name for name in names if name not in known][:_MOST_ASKED]
    told = await storage.summaries(free)
    unknown = {summary.head.site for summary in told.items if not summary.head.fence}
    return [name for name in free if name in unknown][:2]
