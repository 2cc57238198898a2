"""Requests that wait are edited, moved and withdrawn: whatever a worker does meanwhile, and whatever Redis forgets."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from daemons.api.accounts.accounts import Account
from daemons.api.database.tables import audit
from daemons.api.jobs.owned_job import OwnedJob
from daemons.api.jobs.waiting_rows import find_waiting, new_edit, propose_edit
from daemons.api.services import Services
from shared.clients.job_queue import Claim
from shared.domain.errors import Conflict, InvalidInput
from shared.domain.vocabulary import JobRequest, JobState, Outcome
from tests.support.counted_sites import add_site, ask_for_edits, signed_in
from tests.support.redis_server import RedisServer
from tests.support.storage_process import StorageProcess

DONE = Outcome(state=JobState.SUCCEEDED)


class Queue:
    """A site of ana's and what a test does with its requests."""

    def __init__(self, services: Services, ana: Account) -> None:
        self.services, self.ana = services, ana

    async def ask(self, count: int) -> list[str]:
        return await ask_for_edits(self.services, self.ana, "zoo", count)

    async def own(self, job: str) -> OwnedJob:
        return await self.services.jobs.own(self.ana, job)

    async def edit(self, job: str, message: str, edits: int | None = None) -> None:
        await self.services.waiting.edit(await self.own(job), message, edits)

    async def move(self, job: str, before: str | None) -> None:
        await self.services.waiting.move(await self.own(job), before)

    async def waiting(self) -> list[str]:
        site = await self.services.site_access.own(self.ana, "zoo")
        return [job.id for job in await self.services.waiting.list_waiting(site)]

    async def claim(self) -> Claim:
        claim = await self.services.queue.claim("one", 30, 0)
        assert claim
        return claim

    async def work(self) -> list[JobRequest]:
        """What a worker gets, in its order."""
        done = []
        while claim := await self.services.queue.claim("one", 30, 0):
            await self.services.queue.finish(claim, DONE)
            done.append(claim.request)
        return done

    async def forget(self, redis: RedisServer) -> None:
        """Redis loses all, and the reconciler looks."""
        redis.command("FLUSHALL")
        await self.services.reconciler.reconcile()

    async def audited(self) -> list[tuple[str, str]]:
        async with self.services.database.reading() as connection:
            rows = await connection.execute(select(audit.c.action, audit.c.actor).order_by(audit.c.id))
            return [(row.action, row.actor) for row in rows if row.action.startswith("job.")]


@pytest.fixture
def scene(
    shared_redis: RedisServer, storage: StorageProcess, tmp_path: Path
) -> Callable[[Callable[[Queue], Awaitable[None]]], None]:
    def play(script: Callable[[Queue], Awaitable[None]]) -> None:
        async def run() -> None:
            async with signed_in(shared_redis.url, storage, tmp_path) as (api, ana):
                await add_site(api.services, storage, ana, "zoo")
                await script(Queue(api.services, ana))

        asyncio.run(run())

    return play


Scene = Callable[[Callable[[Queue], Awaitable[None]]], None]


def test_the_worker_gets_the_edited_text_and_the_chat_says_so(scene: Scene) -> None:
    async def script(queue: Queue) -> None:
        [job] = await queue.ask(1)
        await queue.edit(job, " Change it to red. ")
        with pytest.raises(InvalidInput, match="empty"):
            await queue.edit(job, "  ")
        with pytest.raises(Conflict, match="edited meanwhile"):
            await queue.edit(job, "Of a page that is old", 0)
        await queue.edit(job, "Change it to red.", 1)
        shown = (await queue.own(job)).recorded
        assert (shown.id, shown.message, shown.edits) == (job, "Change it to red.", 1), "the same text is no edit"
        site = await queue.services.site_access.own(queue.ana, "zoo")
        said = (await queue.services.jobs.chat(site, None, 1)).items
        assert [(one.text, one.edited) for one in said] == [("Change it to red.", True)]
        [request] = await queue.work()
        assert (request.id, request.message) == (job, "Change it to red.")
        with pytest.raises(Conflict, match="has ended"):
            await queue.edit(job, "Too late")

    scene(script)


def test_an_edit_is_refused_once_a_worker_has_begun(scene: Scene) -> None:
    async def script(queue: Queue) -> None:
        job, second = await queue.ask(2)
        claim = await queue.claim()
        for attempt in (
            lambda: queue.edit(job, "Red."),
            lambda: queue.move(job, None),
            lambda: queue.move(second, job),
        ):
            with pytest.raises(Conflict):
                await attempt()
        shown = (await queue.own(job)).recorded
        assert (shown.message, shown.edits) == (claim.request.message, 0)
        assert await queue.services.queue.hand_back(claim)
        await queue.edit(job, "Red.")
        assert [request.message for request in await queue.work()] == ["Red.", "Change it."]

    scene(script)


def test_of_an_edit_and_a_claim_at_once_sql_and_worker_agree(scene: Scene) -> None:
    async def script(queue: Queue) -> None:
        for round_ in range(20):
            [job] = await queue.ask(1)
            steps: list[Awaitable[object]] = [queue.edit(job, f"Red {round_}."), _after(round_ / 4000, queue.claim)]
            outcome, claim = await asyncio.gather(*steps, return_exceptions=True)
            assert isinstance(claim, Claim)
            shown = (await queue.own(job)).recorded
            assert claim.request.message == shown.message, "what people read is what the worker does"
            assert (outcome is None) == (shown.message == f"Red {round_}."), outcome
            await queue.services.queue.finish(claim, DONE)
            await queue.services.reconciler.reconcile()

    scene(script)


async def _after(seconds: float, then: Callable[[], Awaitable[Claim]]) -> Claim:
    await asyncio.sleep(seconds)
    return await then()


def test_redis_forgets_neither_the_edited_text_nor_the_order(scene: Scene, shared_redis: RedisServer) -> None:
    async def script(queue: Queue) -> None:
        first, second, third = await queue.ask(3)
        await queue.edit(second, "Red.")
        await queue.move(third, first)
        assert await queue.waiting() == [third, first, second]
        await queue.forget(shared_redis)
        shared_redis.command("FLUSHALL")
        await queue.edit(first, "Green.")
        await queue.services.reconciler.reconcile()
        done = [(request.id, request.message) for request in await queue.work()]
        assert done == [(third, "Change it."), (first, "Green."), (second, "Red.")]

    scene(script)


@pytest.mark.parametrize("fate", ["waits", "begun", "ended", "forgotten"])
def test_an_edit_whose_api_died_is_decided_by_the_reconciler(
    scene: Scene, shared_redis: RedisServer, fate: str
) -> None:
    """It died after it had noted the edit: what the worker gets and what people read stay the same."""

    async def script(queue: Queue) -> None:
        [job] = await queue.ask(1)
        claim = await queue.claim() if fate in ("begun", "ended") else None
        if claim and fate == "ended":
            await queue.services.queue.finish(claim, DONE)

        async with queue.services.database.writing() as connection:
            row = await find_waiting(connection, job)
            assert row
            assert await propose_edit(connection, replace(row, pending=new_edit(row, "Red.", "ana@example.org")))
        if fate == "forgotten":
            shared_redis.command("FLUSHALL")
        for _ in range(2):
            await queue.services.reconciler.reconcile()
        claim = claim or await queue.claim()
        expected = "Change it." if fate in ("begun", "ended") else "Red."
        assert (claim.request.message, (await queue.own(job)).recorded.message) == (expected, expected)

    scene(script)


def test_two_who_move_at_once_end_in_one_order(scene: Scene) -> None:
    async def script(queue: Queue) -> None:
        first, second, third = await queue.ask(3)
        await asyncio.gather(queue.move(third, first), queue.move(second, first), queue.move(first, None))
        order = await queue.waiting()
        assert [request.id for request in await queue.work()] == order
        with pytest.raises(Conflict, match="has begun"):
            await queue.move(first, None)

    scene(script)


def test_only_requests_in_words_are_edited_and_moved(scene: Scene) -> None:
    async def script(queue: Queue) -> None:
        site = await queue.services.site_access.own(queue.ana, "zoo")
        [words] = await queue.ask(1)
        restore = (await queue.services.jobs.start_restore(site, 1, "f" * 28)).id
        with pytest.raises(Conflict, match="in words"):
            await queue.edit(restore, "Red.")
        for job, before in ((restore, words), (words, None)):
            with pytest.raises(Conflict):
                await queue.move(job, before)

    scene(script)


def test_all_that_wait_are_withdrawn_and_told_from_what_has_begun(scene: Scene, shared_redis: RedisServer) -> None:
    async def script(queue: Queue) -> None:
        site = await queue.services.site_access.own(queue.ana, "zoo")
        begun, *waiting = await queue.ask(3)
        claim = await queue.claim()
        answer = await queue.services.waiting.withdraw(site, [begun, *waiting])
        assert [job.id for job in answer.withdrawn] == waiting
        assert [(job.id, job.state) for job in answer.begun] == [(begun, "running")]
        assert {job.state for job in answer.withdrawn} == {JobState.CANCELLED}
        await queue.services.queue.finish(claim, DONE)
        await queue.services.reconciler.reconcile()
        again = await queue.services.waiting.withdraw(site, [begun, *waiting])
        assert ([], [begun]) == (again.withdrawn, [job.id for job in again.begun])
        forgotten = await queue.ask(2)
        shared_redis.command("FLUSHALL")
        answer = await queue.services.waiting.withdraw(site, [])
        assert ([job.id for job in answer.withdrawn], answer.begun) == (forgotten, [])
        assert await queue.waiting() == []
        assert (await queue.audited()).count(("job.cancel", "ana@example.org")) == 4

    scene(script)
