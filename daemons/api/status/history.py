"""What SQL tells for the status: the last failures, the last publications, and the sites that changed last."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.accounts.audit import TAKE_DOWN, AuditEntry
from daemons.api.database.connection import Database
from daemons.api.database.tables import audit, jobs, sites
from daemons.api.jobs.rows import job_from
from daemons.api.status.report import FailedJob, History, Publication
from shared.domain.vocabulary import JobState, Slot

_SHOWN = 10
_SITES = 20
# Of these one after the other, the sites that changed last are told: some sites change often.
_LOOKED_AT = 100
# Which actions of the audit trail concern which slot.
_ACTIONS = {"deploy.current": Slot.CURRENT, "deploy.preview": Slot.PREVIEW, TAKE_DOWN: Slot.CURRENT}


async def recent_history(database: Database) -> History:
    """Everything in one transaction; raises Unavailable."""
    async with database.reading() as connection:
        deployments = await _publications(connection)
        return History(
            sites=await _count_sites(connection),
            unfinished_jobs=await _unfinished(connection),
            failed_jobs=await _failed_jobs(connection),
            publications=deployments[:_SHOWN],
            changed_sites=await _changed_sites(connection, deployments),
        )


async def _count_sites(connection: AsyncConnection) -> int:
    return int((await connection.execute(select(func.count()).select_from(sites))).scalar_one())


async def _unfinished(connection: AsyncConnection) -> int:
    query = select(func.count()).where(jobs.c.state.in_([JobState.QUEUED, JobState.RUNNING]))
    return int((await connection.execute(query)).scalar_one())


async def _failed_jobs(connection: AsyncConnection) -> list[FailedJob]:
    query = select(jobs).where(jobs.c.state == JobState.FAILED).order_by(jobs.c.id.desc()).limit(_SHOWN)
    return [_failed_job(row) for row in (await connection.execute(query)).mappings()]


def _failed_job(row: Mapping[Any, Any]) -> FailedJob:
    job = job_from(row)
    return FailedJob(
        job=job.id,
        site=job.site,
        kind=job.kind,
        author=job.author,
        reason=job.error.detail if job.error else "",
        hint=job.error.hint if job.error else "",
        at=job.finished_at or job.created_at,
    )


async def _publications(connection: AsyncConnection) -> list[Publication]:
    """The newest first, as far as they were looked at; an index finds those of one action."""
    found = []
    for action, slot in _ACTIONS.items():
        query = select(audit).where(audit.c.action == action).order_by(audit.c.id.desc()).limit(_LOOKED_AT)
        rows = (await connection.execute(query)).mappings()
        found += [_publication(AuditEntry.model_validate(dict(row)), slot) for row in rows]
    return sorted(found, key=lambda publication: publication.at, reverse=True)


def _publication(entry: AuditEntry, slot: Slot) -> Publication:
    return Publication.model_validate(
        {"by": entry.actor, "site": entry.site, "slot": slot, "version": entry.details.get("version"), "at": entry.at}
    )


async def _changed_sites(connection: AsyncConnection, deployments: list[Publication]) -> list[str]:
    """The sites with the newest deployments: those that people asked for, and previews that jobs made."""
    query = select(jobs.c.site, jobs.c.finished_at).where(jobs.c.state == JobState.SUCCEEDED)
    rows = (await connection.execute(query.order_by(jobs.c.id.desc()).limit(_LOOKED_AT))).all()
    changes = [(at, site) for site, at in rows] + [(deployed.at, deployed.site) for deployed in deployments]
    return list(dict.fromkeys(site for _, site in sorted(changes, reverse=True)))[:_SITES]
