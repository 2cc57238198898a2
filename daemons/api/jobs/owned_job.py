"""Who may see which job: who may see its site; for everybody else it does not exist."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.site_access import visible_sites
from daemons.api.database.tables import jobs, sites
from daemons.api.jobs.rows import Job, job_from, request_from
from shared.domain.errors import NotFound
from shared.domain.vocabulary import JobRequest


@dataclass(frozen=True)
class OwnedJob:
    """A job as it was recorded when it was asked for, and a user who may see and stop it; only `own_job` makes one."""

    recorded: Job
    request: JobRequest
    user: Account

    @property
    def id(self) -> str:
        return self.recorded.id


async def own_job(connection: AsyncConnection, user: Account, job: str) -> OwnedJob:
    """A job of one of the user's sites; raises NotFound, the same whether it is another's or nobody's."""
    query = select(jobs).join(sites, sites.c.name == jobs.c.site).where(jobs.c.id == job, visible_sites(user))
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such job.", "List the jobs to see their ids.")
    return OwnedJob(job_from(row), request_from(row), user)
