"""Jobs that have ended are read once; those that go on are read anew, and the oldest are forgotten."""

import asyncio
from pathlib import Path

import pytest

from daemons.api.database.connection import Database
from daemons.api.jobs import ended_jobs
from daemons.api.jobs.ended_jobs import EndedJobs
from daemons.api.jobs.rows import finish_job, insert_job, job_from
from shared.domain.vocabulary import JobRequest, JobState, Outcome
from tests.api.small_database import edit, small_database


async def _record(database: Database, requests: list[JobRequest]) -> None:
    async with database.writing() as connection:
        for request in requests:
            await insert_job(connection, request)


async def _end(database: Database, request: JobRequest) -> None:
    async with database.writing() as connection:
        assert await finish_job(connection, request, Outcome(state=JobState.CANCELLED), [])


def test_an_ended_job_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def noted(row: dict[str, str]) -> object:
        made.append(row["id"])
        return job_from(row)

    monkeypatch.setattr(ended_jobs, "job_from", noted)

    async def run() -> None:
        async with small_database(tmp_path, "zoo") as database:
            first, second, third = requests = [edit(text, site="zoo") for text in ("a", "b", "c")]
            await _record(database, requests)
            await _end(database, first)
            kept, ids = EndedJobs(most=2), [third.id, second.id, first.id]
            async with database.reading() as connection:
                for _ in range(2):
                    read = await kept.read(connection, ids)
                    assert [job.message for job in read] == ["c", "b", "a"]
                    assert [job.state for job in read] == [JobState.QUEUED, JobState.QUEUED, JobState.CANCELLED]
            assert sorted(made) == sorted([first.id, second.id, third.id, second.id, third.id])
            for request in (second, third):
                await _end(database, request)
            made.clear()
            async with database.reading() as connection:
                states = {job.state for job in await kept.read(connection, ids) + await kept.read(connection, ids)}
            assert states == {JobState.CANCELLED}
            assert sorted(made) == sorted([second.id, third.id, third.id]), "two are kept, the last read"

    asyncio.run(run())
