"""Ends tasks for certain: repeats a cancellation that got lost, and gives up on a task that never ends."""

import asyncio
from typing import Any

_ROUND_SECONDS = 5.0
_MOST_ROUNDS = 3


class TaskStuck(Exception):
    """A cancelled task does not end, so this process must not take another job."""


async def end_tasks(*tasks: asyncio.Future[Any], round_seconds: float = _ROUND_SECONDS) -> None:
    """Cancel the tasks and wait until all are done. Raises TaskStuck after three rounds.

    One cancellation may not be enough: a library may swallow it when another error occurs at the same moment.
    Cancelling again would interrupt a task's cleanup, so each round outlasts any cleanup, and with it all rounds of an
    `end_tasks` inside that cleanup.
    """
    pending = {task for task in tasks if not task.done()}
    for _ in range(_MOST_ROUNDS):
        if not pending:
            return
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=round_seconds)
    if pending:
        raise TaskStuck(", ".join(sorted(str(task) for task in pending)))
