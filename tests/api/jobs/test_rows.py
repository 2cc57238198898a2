"""Jobs and the chat in SQL: what was asked and answered is told as it happened."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from daemons.api.database.connection import Database
from daemons.api.jobs.rows import (
    find_history,
    find_job,
    finish_job,
    insert_job,
    recent_remarks,
    steps_of,
    unfinished,
)
from shared.clients.job_queue import Event, EventKind
from shared.domain.vocabulary import Failure, JobKind, JobRequest, JobState, Outcome, Phase, Progress
from tests.api.small_database import edit, small_database

STEP = ("1500-0", Event(kind=EventKind.PROGRESS, progress=Progress(phase=Phase.EDITING, text="Reading")))


async def asked(database: Database, *requests: JobRequest) -> None:
    async with database.writing() as connection:
        for request in requests:
            await insert_job(connection, request)
            await asyncio.sleep(0.002)  # ids sort by their millisecond


async def ended(database: Database, request: JobRequest, outcome: Outcome) -> bool:
    async with database.writing() as connection:
        return await finish_job(connection, request, outcome, [STEP])


async def said(database: Database) -> list[tuple[str, str]]:
    async with database.reading() as connection:
        return [(remark.role, remark.text) for remark in await recent_remarks(connection, "bakery")]


def test_an_end_is_recorded_once(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe") as database:
            blue, red, other = edit("Blue."), edit("Red."), edit("Green.", site="cafe")
            await asked(database, blue, red, other)
            assert await ended(database, blue, Outcome(state=JobState.SUCCEEDED, version=2, answer="It is blue."))
            assert not await ended(database, blue, Outcome(state=JobState.FAILED, error=Failure(detail="Late.")))
            async with database.reading() as connection:
                found = await find_job(connection, blue.id)
                assert found
                job, request = found
                assert request == blue
                assert (job.state, job.version, job.answer, job.error) == (JobState.SUCCEEDED, 2, "It is blue.", None)
                assert job.steps == steps_of([STEP])
                assert await find_history(connection, blue.id) == (job, [STEP])
                waiting = await find_history(connection, red.id)
                assert waiting and (waiting[0].state, waiting[1]) == (JobState.QUEUED, [])
                assert await find_history(connection, "0" * 28) is None
                assert await unfinished(connection) == [red, other]
                assert await unfinished(connection, "bakery") == [red]
                assert await find_job(connection, "0" * 28) is None

    asyncio.run(run())


def test_a_job_is_recorded_once(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery") as database:
            request = edit()
            await asked(database, request)
            with pytest.raises(IntegrityError):
                await asked(database, request)
            assert await said(database) == [("user", "Make it blue.")]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("kind", "outcome", "told"),
    [
        (JobKind.EDIT, Outcome(state=JobState.SUCCEEDED, version=2, answer="Done."), [("agent", "Done.")]),
        (
            JobKind.EDIT,
            Outcome(state=JobState.SUCCEEDED, answer="I made it blue."),
            [("agent", "Nothing was changed.\nThe agent says: I made it blue.")],
        ),
        (
            JobKind.EDIT,
            Outcome(state=JobState.FAILED, error=Failure(detail="It broke.")),
            [("agent", "The job failed.")],
        ),
        (JobKind.RESTORE, Outcome(state=JobState.CANCELLED), [("agent", "The job was stopped.")]),
    ],
)
def test_neither_words_nor_a_request_pass_for_a_change(
    tmp_path: Path, kind: JobKind, outcome: Outcome, told: list[tuple[str, str]]
) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery") as database:
            request = edit(kind=kind)
            await asked(database, request)
            await ended(database, request, outcome)
            assert await said(database) == [("user", "Make it blue."), *told]

    asyncio.run(run())


def test_a_chat_is_carried_as_far_as_a_request_may_carry_it(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery") as database:
            await asked(database, *(edit(f"{number} {'x' * 3000}") for number in range(12)))
            remarks = await said(database)
            assert [text.split()[0] for _, text in remarks] == [str(number) for number in range(2, 12)]
            assert {len(text) for _, text in remarks} == {2000}

    asyncio.run(run())
