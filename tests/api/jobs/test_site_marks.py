"""How an end is marked on a site's row, and what a publication takes away."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from daemons.api.database.tables import sites
from daemons.api.jobs.site_marks import Ended, ended_of, has_new_problems, mark_end, mark_publication
from shared.clients.storage import StorageClient
from shared.domain.job_outcome import tell_unchanged
from shared.domain.vocabulary import Failure, JobKind, JobState, Outcome
from tests.api.small_database import ANA, NOW, small_database
from tests.support.replies import reply, replying

FAILED = Outcome(state=JobState.FAILED, error=Failure(detail="It broke."))
WHICH = Outcome(state=JobState.FAILED, error=Failure(detail="Which?", choices=("a", "b")))
ASKS = Outcome(state=JobState.SUCCEEDED, answer="Which of the two?")
SAYS = Outcome(state=JobState.SUCCEEDED, answer=tell_unchanged("It is blue already."))
MADE = Outcome(state=JobState.SUCCEEDED, version=2, answer="Done. Shall I do more?")


@pytest.mark.parametrize(
    ("kind", "outcome", "has_new", "ended"),
    [
        (JobKind.EDIT, FAILED, False, Ended.FAILED),
        (JobKind.IMPORT, WHICH, False, Ended.QUESTION),
        (JobKind.EDIT, ASKS, False, Ended.QUESTION),
        (JobKind.EDIT, SAYS, False, None),
        (JobKind.EDIT, MADE, False, None),
        (JobKind.EDIT, MADE, True, Ended.PROBLEMS),
        (JobKind.EDIT, Outcome(state=JobState.CANCELLED), False, None),
    ],
)
def test_an_end_asks_for_its_owner_or_not(kind: JobKind, outcome: Outcome, has_new: bool, ended: Ended | None) -> None:
    assert ended_of(kind, outcome, has_new=has_new) is ended


def test_marks_follow_ends_and_publications(tmp_path: Path) -> None:
    marks = select(sites.c.ended, sites.c.newest, sites.c.published)

    async def run() -> None:
        async with small_database(tmp_path) as database, database.writing() as connection:
            row = {"name": "bakery", "owner_id": ANA.id, "title": "Bakery", "created_at": NOW}
            await connection.execute(insert(sites).values(row))

            async def told() -> tuple[object, ...]:
                return tuple((await connection.execute(marks)).one())

            assert await told() == (None, 0, 0)
            await mark_end(connection, "bakery", Ended.PROBLEMS, 3)
            await mark_end(connection, "bakery", Ended.PROBLEMS, 2)  # told late
            assert await told() == ("problems", 3, 0)
            await mark_publication(connection, "bakery", 2)
            assert await told() == ("problems", 3, 2)
            await mark_publication(connection, "bakery", 3)
            assert await told() == (None, 3, 3)
            await mark_end(connection, "bakery", Ended.FAILED, None)
            await mark_publication(connection, "bakery", 3)
            assert await told() == ("failed", 3, 3)
            await mark_publication(connection, "bakery", 2)
            await mark_publication(connection, "bakery", None)
            assert await told() == ("failed", 3, 3), "nothing waits in a site that was taken down, until it changes"

    asyncio.run(run())


def test_what_storage_does_not_tell_is_no_problem() -> None:
    async def run() -> None:
        async with (
            replying(reply({"title": "no"}, status=404)) as server,
            StorageClient(server.address, "t") as storage,
        ):
            assert not await has_new_problems(storage, "bakery", MADE)
            assert not await has_new_problems(storage, "bakery", FAILED)

    asyncio.run(run())
