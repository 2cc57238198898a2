"""Marks on a site's row what lists are sorted and filtered by: when it changed, how its last request ended."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import case, update
from sqlalchemy.ext.asyncio import AsyncConnection

from daemons.api.database.tables import sites
from shared.clients.storage import StorageClient
from shared.domain.errors import PageWrightError
from shared.domain.job_outcome import JobOutcome, answer_of, is_question, outcome_of
from shared.domain.problem_changes import since_parent
from shared.domain.vocabulary import JobKind, JobState, Outcome


class Ended(StrEnum):
    """An end of a request that its owner has to see to."""

    QUESTION = "question"
    FAILED = "failed"
    PROBLEMS = "problems"


def ended_of(kind: JobKind, outcome: Outcome, *, has_new: bool) -> Ended | None:
    """What this end asks of the site's owner, None if nothing; `has_new` says that its version has new problems."""
    if outcome.state is JobState.FAILED:
        return Ended.QUESTION if outcome.error and outcome.error.choices else Ended.FAILED
    is_unchanged = outcome_of(outcome.state, outcome.version) is JobOutcome.UNCHANGED
    if is_unchanged and kind is JobKind.EDIT and is_question(answer_of(kind, outcome)):
        return Ended.QUESTION
    return Ended.PROBLEMS if has_new else None


async def has_new_problems(storage: StorageClient, site: str, outcome: Outcome) -> bool:
    """Whether the version that was made has problems that its parent lacks, as far as storage tells now."""
    if outcome.version is None:
        return False
    try:
        known = (await storage.overview(site, 2, {outcome.version})).known
    except PageWrightError:
        return False
    made = known.get(outcome.version)
    return made is not None and bool(since_parent(made, known.get(made.parent or 0)).new)


async def mark_change(connection: AsyncConnection, site: str) -> None:
    """Somebody asked for something."""
    await connection.execute(update(sites).where(sites.c.name == site).values(changed_at=datetime.now(UTC)))


async def mark_end(connection: AsyncConnection, site: str, ended: Ended | None, version: int | None) -> None:
    """A request ended, perhaps with a version."""
    values: dict[str, object] = {"changed_at": datetime.now(UTC), "ended": ended}
    if version is not None:
        values["newest"] = case((sites.c.newest > version, sites.c.newest), else_=version)
    await connection.execute(update(sites).where(sites.c.name == site).values(values))


async def mark_publication(connection: AsyncConnection, site: str, version: int | None) -> None:
    """Visitors are to see this version; who shows them the newest has accepted its problems.

    Without one the site was taken down: no version of now waits to be shown.
    """
    accepted = (sites.c.ended == Ended.PROBLEMS) & (sites.c.newest <= (version or 0))
    values = {
        "changed_at": datetime.now(UTC),
        "published": version or sites.c.newest,
        "ended": case((accepted, None), else_=sites.c.ended),
    }
    await connection.execute(update(sites).where(sites.c.name == site).values(values))
