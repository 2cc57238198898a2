"""How the queue asks Redis: the steps are the files, and a position that is none is refused."""

import asyncio
from importlib import resources

import pytest

from shared.clients.job_queue import JobQueue
from shared.clients.queue_steps import QueueSteps, milliseconds
from shared.domain.errors import InvalidInput


def test_each_step_is_asked_for_by_a_method(redis_url: str) -> None:
    """A step that nobody asks for is dead; the queue names each in a literal."""
    source = "".join(
        resources.files("shared.clients").joinpath(name).read_text() for name in ("job_queue.py", "waiting_jobs.py")
    )
    steps = [file.name.removesuffix(".lua") for file in resources.files("shared.clients").joinpath("lua").iterdir()]
    assert {step for step in steps if f'"{step}"' not in source} == {"common"}


def test_a_position_that_is_none_is_refused(redis_url: str) -> None:
    async def run() -> None:
        async with JobQueue.open(redis_url) as queue:
            assert isinstance(queue, QueueSteps)
            with pytest.raises(InvalidInput, match="position"):
                await queue.events("0" * 28, "yesterday")

    asyncio.run(run())


def test_redis_counts_milliseconds() -> None:
    assert (milliseconds(0.0015), milliseconds(30)) == (2, 30_000)
