"""Ending tasks for certain: a cancellation that got lost is repeated, and a task that never ends is given up."""

import asyncio
from typing import Any

_ROUND_SECONDS = 5.0
_MOST_ROUNDS = 3


class TaskStuck(Exception):
    """A cancelled task does not end; this process can't be trusted with another job."""


async def end_tasks(*tasks: asyncio.Future[Any], round_seconds: float = _ROUND_SECONDS) -> None:
    """Cancel the tasks and wait until all are done; raises TaskStuck after three rounds.

    A library may swallow a cancellation that meets another error in the same moment, so one call need not be enough.
    A second one would break off a task that is clearing up: a round is longer than that takes, and so longer than all
    rounds of a call within it.
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
