"""Tasks end for certain (I8): a lost cancellation is repeated, a stuck task is told."""

import asyncio

import pytest

from daemons.worker.task_ending import TaskStuck, end_tasks


async def _swallow(cancellations: int) -> None:
    while cancellations >= 0:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            cancellations -= 1


@pytest.mark.parametrize("swallowed", [0, 2])
def test_a_task_that_loses_cancellations_ends(swallowed: int) -> None:
    async def play() -> None:
        tasks = [asyncio.ensure_future(_swallow(swallowed)), asyncio.ensure_future(asyncio.sleep(0))]
        await asyncio.sleep(0.01)
        await end_tasks(*tasks, round_seconds=0.05)
        assert all(task.done() for task in tasks)

    asyncio.run(play())


def test_a_task_that_never_ends_is_told() -> None:
    async def play() -> None:
        task = asyncio.ensure_future(_swallow(5))
        await asyncio.sleep(0.01)
        with pytest.raises(TaskStuck, match="_swallow"):
            await end_tasks(task, round_seconds=0.02)
        await end_tasks(task, round_seconds=0.02)

    asyncio.run(play())
