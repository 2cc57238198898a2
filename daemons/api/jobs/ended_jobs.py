"""Keeps jobs that have ended, which never change again: a site's page shows them each time."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.database.tables import jobs
from daemons.api.jobs.rows import Job, job_from

_MOST_KEPT = 1_000


class EndedJobs:
    """The jobs that were read last, as far as they have ended."""

    def __init__(self, most: int = _MOST_KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[str, Job] = OrderedDict()

    async def read(self, connection: AsyncConnection, ids: Sequence[str]) -> list[Job]:
        """These jobs in this order, all of which there are; those that are not kept in one statement."""
        known = {id_: self._kept[id_] for id_ in ids if id_ in self._kept}
        missing = [id_ for id_ in ids if id_ not in known]
        if missing:
            rows = (await connection.execute(select(jobs).where(jobs.c.id.in_(missing)))).mappings()
            known |= {job.id: job for job in map(job_from, rows)}
        self._keep(known, ids)
        return [known[id_] for id_ in ids]

    def _keep(self, known: Mapping[str, Job], ids: Iterable[str]) -> None:
        for id_ in ids:
            if known[id_].state.final:
                self._kept[id_] = known[id_]
                self._kept.move_to_end(id_)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
