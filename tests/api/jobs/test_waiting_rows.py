"""Jobs that wait, in SQL: an edit is pending until the queue has decided, and one of two takes effect."""

import asyncio
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from daemons.api.database.tables import audit, messages
from daemons.api.jobs.rows import finish_job, insert_job
from daemons.api.jobs.waiting_rows import (
    apply_edit,
    find_waiting,
    list_waiting,
    new_edit,
    propose_edit,
    refuse_edit,
    write_turns,
)
from shared.domain.scope import Scope, ScopeSource
from shared.domain.vocabulary import JobState, Outcome
from tests.api.small_database import edit, small_database


def test_of_two_edits_one_is_pending_and_it_takes_effect_once(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery") as database:
            request = edit("Blue.")
            async with database.writing() as connection:
                await insert_job(connection, request)
                row = await find_waiting(connection, request.id)
                assert row and (row.wished, row.number, row.is_final) == (request, 0, False)
                red, green = (replace(row, pending=new_edit(row, text, "ana")) for text in ("Red.", "Green."))
                assert await propose_edit(connection, red)
                assert not await propose_edit(connection, green)
                kept = await find_waiting(connection, request.id)
                assert kept and (kept.pending, kept.wished.message, kept.number) == (red.pending, "Red.", 1)
                assert kept.job.message == "Blue.", "nobody is told of it before it is decided"
                await refuse_edit(connection, red)
                assert await propose_edit(connection, green)
                for _ in range(2):
                    await apply_edit(connection, green)
                await refuse_edit(connection, green)
                done = await find_waiting(connection, request.id)
                assert done and (done.job.message, done.job.edits, done.pending) == ("Green.", 1, None)
                assert (await connection.execute(select(messages.c.text))).scalars().all() == ["Green."]
                [told] = (await connection.execute(select(audit.c.details))).scalars().all()
                assert told == {"job": request.id, "before": "Blue.", "after": "Green."}
                assert not await propose_edit(connection, replace(row, pending=new_edit(row, "Late.", "ben")))

    asyncio.run(run())


def test_jobs_run_in_the_order_of_their_turns(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery", "cafe") as database:
            first, second, third, other = edit(), edit(), edit(), edit(site="cafe")
            async with database.writing() as connection:
                for request in (first, second, third, other):
                    await insert_job(connection, request)
                await write_turns(connection, {third.id: first.id, first.id: second.id, second.id: third.id})
                assert [row.id for row in await list_waiting(connection)] == [third.id, first.id, second.id, other.id]
                await finish_job(connection, first, Outcome(state=JobState.CANCELLED), [])
                assert [row.id for row in await list_waiting(connection, "bakery")] == [third.id, second.id]
                also = await list_waiting(connection, "bakery", [first.id, other.id])
                assert [row.id for row in also] == [third.id, first.id, second.id]
                assert also[1].is_final

    asyncio.run(run())


def test_what_a_request_concerns_is_kept_with_it_and_goes_with_its_words(tmp_path: Path) -> None:
    async def run() -> None:
        async with small_database(tmp_path, "bakery") as database:
            request = edit("Blue.")
            async with database.writing() as connection:
                await insert_job(connection, request)
                row = await find_waiting(connection, request.id)
                assert row
                assert row.job.scope is None
                assert "scope" not in row.request.model_dump(), "a release before this one reads it"
                scope = Scope(source=ScopeSource.OWNER, pages=("a.html",))
                said = replace(row, pending=new_edit(row, "Blue.", "ana", scope))
                assert await propose_edit(connection, said)
                await apply_edit(connection, said)
                done = await find_waiting(connection, request.id)
                assert done
                assert (done.request.scope, done.job.scope) == (scope, scope)
                assert replace(done, pending=new_edit(done, "Red.", "ana")).wished.scope is None

    asyncio.run(run())
