"""What happens to a job, live: from Redis while it remembers, then from SQL, each event once and in order."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from daemons.api.accounts import Account
from daemons.api.job_records import Job
from daemons.api.jobs import Jobs
from shared.errors import Unavailable
from shared.job_queue import Event, EventKind, JobQueue
from shared.vocabulary import Outcome

_BLOCK_SECONDS = 15.0
_RETRY_SECONDS = 1.0
_RECORD_SECONDS, _RECORD_PAUSE_SECONDS = 10.0, 0.02


@dataclass(frozen=True)
class Heartbeat:
    """Nothing happened for a while; tells everybody on the way that the connection is alive."""


class JobEvents:
    """Follows jobs for those who watch."""

    def __init__(self, jobs: Jobs, queue: JobQueue) -> None:
        self._jobs = jobs
        self._queue = queue

    async def follow(self, asker: Account, job: str, after: str = "0") -> AsyncIterator[tuple[str, Event] | Heartbeat]:
        """Events after a position until the final one; a Heartbeat whenever there was none for 15 seconds.

        Raises NotFound at once, InvalidInput for a position that is none.
        """
        await self._jobs.show(asker, job)
        position = after
        while True:
            events = await self._next(asker, job, position)
            for at, event in events:
                position = at
                if event.outcome:
                    await self._until_recorded(asker, job)
                yield at, event
                if event.kind is EventKind.FINAL:
                    return
            if not events:
                yield Heartbeat()

    async def _until_recorded(self, asker: Account, job: str) -> None:
        """Return once the bookkeeper has recorded the end: who hears of it may ask for the job in the same moment."""
        deadline = time.monotonic() + _RECORD_SECONDS
        while time.monotonic() < deadline:
            recorded, _ = await self._jobs.history(asker, job)
            if recorded.state.final:
                return
            await asyncio.sleep(_RECORD_PAUSE_SECONDS)

    async def _next(self, asker: Account, job: str, after: str) -> list[tuple[str, Event]]:
        """The next events, from wherever they are known; none if nothing happens for a while."""
        try:
            known = await self._queue.events(job, after) or await self._kept(asker, job, after)
            return known or await self._queue.events(job, after, _BLOCK_SECONDS)
        except Unavailable:
            await asyncio.sleep(_RETRY_SECONDS)
            return await self._kept(asker, job, after)

    async def _kept(self, asker: Account, job: str, after: str) -> list[tuple[str, Event]]:
        """What SQL kept of a job that ended; it always has a final event, whatever Redis lost."""
        recorded, events = await self._jobs.history(asker, job)
        if not recorded.state.final:
            return []
        if not any(event.kind is EventKind.FINAL for _, event in events):
            events = [*events, _final_event(recorded)]
        return [(at, event) for at, event in events if _order(at) > _order(after) or event.kind is EventKind.FINAL]


def _order(position: str) -> tuple[int, int]:
    milliseconds, _, number = position.partition("-")
    return int(milliseconds), int(number or 0)


def _final_event(job: Job) -> tuple[str, Event]:
    at: datetime = job.finished_at or job.created_at
    outcome = Outcome(state=job.state, version=job.version, answer=job.answer, error=job.error)
    return f"{int(at.timestamp() * 1000)}-0", Event(kind=EventKind.FINAL, outcome=outcome)
