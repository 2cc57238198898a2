"""The one policy for trying again: whom it waits for, for how long, and who owns the deadline."""

import asyncio

import pytest

from shared.clients.job_queue import JobQueue
from shared.clients.retry import retry
from shared.domain.errors import Conflict, Unavailable
from tests.support.storage_process import StorageProcess


class Part:
    """A part of the system that is away for its first calls."""

    def __init__(self, away: int) -> None:
        self.away = away
        self.calls = 0

    async def answer(self) -> str:
        self.calls += 1
        if self.calls <= self.away:
            raise Unavailable("It is away.")
        return "here"


def test_a_part_that_comes_back_is_asked_until_it_answers() -> None:
    part = Part(away=3)
    assert asyncio.run(retry(part.answer)) == "here"
    assert part.calls == 4


def test_after_the_deadline_the_error_is_told() -> None:
    part = Part(away=1000)
    with pytest.raises(Unavailable, match="away"):
        asyncio.run(retry(part.answer, seconds=0.2))
    assert 1 < part.calls < 10


def test_what_would_fail_again_is_not_tried_again() -> None:
    calls: list[int] = []

    async def refused() -> None:
        calls.append(1)
        raise Conflict("It exists.")

    with pytest.raises(Conflict):
        asyncio.run(retry(refused))
    assert len(calls) == 1


def test_the_outermost_owns_the_deadline() -> None:
    """An inner retry, in a task of its own too, tries once for each attempt of the outer one."""
    part, rounds = Part(away=1000), 0

    async def inner() -> str:
        return await retry(part.answer, seconds=60)

    async def both() -> None:
        nonlocal rounds
        rounds += 1
        await asyncio.gather(inner(), inner())

    async def play() -> None:
        async with asyncio.timeout(20):
            await retry(both, seconds=0.2)

    with pytest.raises(Unavailable):
        asyncio.run(play())
    assert part.calls == 2 * rounds > 2


def test_after_an_outer_retry_the_next_one_owns_its_deadline_again() -> None:
    part = Part(away=2)

    async def play() -> str:
        await retry(Part(away=1).answer)
        return await retry(part.answer)

    assert asyncio.run(play()) == "here"


def test_the_clients_leave_the_waiting_to_who_repeats_them(storage: StorageProcess) -> None:
    """Both are away: a call by itself waits for a restart, one inside a retry fails within that one's deadline."""
    storage.kill()

    async def play() -> None:
        async with storage.client() as client, JobQueue.open("unix:///nowhere/redis") as queue:
            for call in (lambda: client.head("bakery"), queue.ping):
                began = asyncio.get_running_loop().time()
                with pytest.raises(Unavailable):
                    await retry(call, seconds=0)
                assert asyncio.get_running_loop().time() - began < 1

    asyncio.run(play())
