"""What SQL tells for the status."""

import asyncio
from pathlib import Path

from sqlalchemy import text

from daemons.api.accounts.audit import TAKE_DOWN, AuditTrail
from daemons.api.database.connection import open_database
from daemons.api.jobs.rows import finish_job, insert_job
from daemons.api.status.asking import ask
from daemons.api.status.history import recent_history
from shared.domain.vocabulary import Failure, JobState, Outcome, Slot
from tests.api.small_database import edit, small_database


def test_a_database_that_breaks_is_told_and_nothing_is_raised(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_database(f"sqlite:///{tmp_path}/api.sqlite") as database:
            told = await ask("The database", recent_history(database))
            assert told.value and told.value.publications == []
            async with database.writing() as connection:
                await connection.execute(text("DROP TABLE audit"))
            told = await ask("The database", recent_history(database))
            assert told.value is None
            assert told.error and told.error.detail == "The database can't be used right now."

    asyncio.run(run())


def test_what_changed_last_is_told_first(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe", "dorm") as database:
            trail, made, broken, waiting = AuditTrail(database), edit(site="bakery"), edit(site="cafe"), edit()
            async with database.writing() as connection:
                for request in (made, broken, waiting):
                    await insert_job(connection, request)
                await finish_job(connection, made, Outcome(state=JobState.SUCCEEDED, version=2), [])
                failure = Failure(detail="It broke.", hint="Ask again.")
                await finish_job(connection, broken, Outcome(state=JobState.FAILED, error=failure), [])
            for slot, version in ((Slot.PREVIEW, 3), (Slot.CURRENT, 4)):
                await trail.record("ana@example.org", f"deploy.{slot}", "dorm", version=version)
                await asyncio.sleep(0.002)  # ids sort by their millisecond
            await trail.record("ana@example.org", TAKE_DOWN, "dorm", before=4)
            await trail.record("ana@example.org", "job.edit", "cafe")
            told = await recent_history(database)
            assert (told.sites, told.unfinished_jobs) == (3, 1)
            assert [(job.site, job.reason, job.hint) for job in told.failed_jobs] == [
                ("cafe", "It broke.", "Ask again.")
            ]
            assert [(one.slot, one.version, one.site) for one in told.publications] == [
                (Slot.CURRENT, None, "dorm"),
                (Slot.CURRENT, 4, "dorm"),
                (Slot.PREVIEW, 3, "dorm"),
            ]
            assert told.changed_sites == ["dorm", "bakery"], "one that failed has not changed"

    asyncio.run(run())
