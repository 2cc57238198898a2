"""A request repeats another one if that has not ended and asks the same; when one ends, it may be asked once more."""

import asyncio
from pathlib import Path

from daemons.api.accounts.site_access import own_site
from daemons.api.jobs.owned_job import OwnedJob, own_job
from daemons.api.jobs.repeated_requests import RepeatedRequests
from daemons.api.jobs.rows import finish_job, insert_job
from shared.domain.vocabulary import JobKind, JobState, Outcome
from tests.api.small_database import ANA, edit, small_database

ENDED = Outcome(state=JobState.CANCELLED)


def test_what_has_not_ended_and_asks_the_same_is_found(tmp_path: Path) -> None:
    first, again, other = edit("Blue."), edit("Blue."), edit("Red.")
    elsewhere = edit("Blue.", site="cafe")
    imported = edit("Import.", kind=JobKind.IMPORT).model_copy(update={"root": "de", "upload": "0" * 64})

    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe") as database:
            repeated = RepeatedRequests(database)

            async def own(job: str) -> OwnedJob:
                async with database.reading() as connection:
                    return await own_job(connection, ANA, job)

            async with database.writing() as connection:
                for request in (first, other, elsewhere):
                    await insert_job(connection, request)
                await finish_job(connection, first, ENDED, [])
            asked = await own(first.id)
            assert not await repeated.asks_already(asked, None, "")
            async with database.writing() as connection:
                for request in (again, imported):
                    await insert_job(connection, request)
            assert await repeated.asks_already(asked, None, "")
            assert not await repeated.asks_already(asked, 2, ""), "from another version it is another request"
            assert await repeated.asks_already(await own(imported.id), 2, "de"), "an import starts from none"
            assert not await repeated.asks_already(await own(imported.id), None, "en")

    asyncio.run(run())


def test_the_last_end_moves_with_each_job_of_the_site_that_ends(tmp_path: Path) -> None:
    first, second, elsewhere = edit(), edit(), edit(site="cafe")

    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe") as database:
            repeated, ends = RepeatedRequests(database), []
            async with database.reading() as connection:
                site = await own_site(connection, ANA, "bakery")
            async with database.writing() as connection:
                for request in (first, second, elsewhere):
                    await insert_job(connection, request)
            ends.append(await repeated.last_end(site))
            for request in (elsewhere, first, second):
                async with database.writing() as connection:
                    await finish_job(connection, request, ENDED, [])
                ends.append(await repeated.last_end(site))
            assert ends[:2] == ["", ""], "another site's job is none of its"
            assert "" < ends[2] < ends[3]

    asyncio.run(run())
