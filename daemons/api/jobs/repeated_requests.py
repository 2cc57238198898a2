"""What has been asked already: so that a button that is clicked twice asks once."""

from sqlalchemy import func, select

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.database.connection import Database
from daemons.api.database.tables import jobs
from daemons.api.jobs.owned_job import OwnedJob
from daemons.api.jobs.waiting_rows import list_waiting
from shared.domain.vocabulary import JobKind


class RepeatedRequests:
    """Looks whether a request repeats another one of its site; raises Unavailable if the database is away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_end(self, site: OwnedSite) -> str:
        """The moment at which a job of the site has ended last; empty if none has."""
        ended = select(func.max(jobs.c.finished_at)).where(jobs.c.site == site.name)
        async with self._database.reading() as connection:
            last = (await connection.execute(ended)).scalar_one()
        return last.isoformat() if last else ""

    async def asks_already(self, job: OwnedJob, base: int | None, root: str) -> bool:
        """Whether a request of the site that has not ended asks the same as this one, from `base` and with `root`."""
        asked = job.request
        async with self._database.reading() as connection:
            rows = await list_waiting(connection, asked.site)
        return any(
            (one.kind, one.message, one.upload) == (asked.kind, asked.message, asked.upload)
            and (one.kind is not JobKind.EDIT or one.base == base)
            and (one.root or "") == root
            for one in (row.request for row in rows)
        )
