"""What happens to a job, live: from Redis while it remembers, then from SQL, each event once and in order."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from daemons.api.accounts import Account
from daemons.api.job_records import Job
from daemons.api.jobs import Jobs
from daemons.api.preview_gate import PreviewGate
from shared.errors import Unavailable
from shared.job_queue import Event, EventKind, JobQueue
from shared.vocabulary import Outcome

_BLOCK_SECONDS = 15.0
_RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class Heartbeat:
    """Nothing happened for a while; tells everybody on the way that the connection is alive."""


class JobEvents:
    """Follows jobs for those who watch."""

    def __init__(self, jobs: Jobs, queue: JobQueue, gate: PreviewGate) -> None:
        self._jobs = jobs
        self._queue = queue
        self._gate = gate

    async def follow(self, asker: Account, job: str, after: str = "0") -> AsyncIterator[tuple[str, Event] | Heartbeat]:
        """Events after a position until the final one; a Heartbeat whenever there was none for 15 seconds.

        Raises NotFound at once, InvalidInput for a position that is none.
        """
        site = (await self._jobs.show(asker, job)).site
        position = after
        while True:
            events = await self._next(asker, job, position)
            for at, event in events:
                position = at
                if event.outcome:
                    await self._gate.until_shown(site, event.outcome)
                yield at, event
                if event.kind is EventKind.FINAL:
                    return
            if not events:
                yield Heartbeat()

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
