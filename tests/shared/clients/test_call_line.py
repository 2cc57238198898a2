"""Calls wait in a line that has an end: a few at once, in order, and who gives up is gone from it."""

import asyncio

import pytest

from shared.clients.call_line import CallLine
from shared.domain.errors import Busy
from shared.runtime.web import problem_response


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_few_at_once_the_others_in_order_and_no_more_than_there_is_room_for() -> None:
    async def play() -> None:
        line, ends, begun = CallLine("storage", 2, 3), [asyncio.Event() for _ in range(5)], []

        async def call(number: int) -> None:
            async with line.turn():
                begun.append(number)
                await ends[number].wait()

        calls = [asyncio.create_task(call(number)) for number in range(5)]
        await settle()
        assert begun == [0, 1]
        with pytest.raises(Busy, match="storage"):
            async with line.turn():
                pass
        calls[2].cancel()
        await settle()
        ends[1].set()
        await settle()
        assert begun == [0, 1, 3]
        for end in ends:
            end.set()
        await asyncio.gather(*calls, return_exceptions=True)
        assert begun == [0, 1, 3, 4]
        async with line.turn():
            begun.append(5)
        assert begun[-1] == 5

    asyncio.run(play())


def test_who_finds_the_line_full_is_told_when_to_come_again() -> None:
    answer = problem_response(Busy("Too many."))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
