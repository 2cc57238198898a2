"""What happens to a job, live: from Redis while it remembers, then from SQL, each event once and in order."""

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakValueDictionary

from daemons.api.accounts.accounts import Account
from daemons.api.jobs.jobs import Jobs
from daemons.api.jobs.owned_job import OwnedJob
from daemons.api.jobs.rows import Job
from shared.clients.job_queue import Event, EventKind, JobQueue
from shared.domain.errors import TooMany, Unavailable
from shared.domain.vocabulary import Outcome

_BLOCK_SECONDS = 5.0
_RETRY_SECONDS = 1.0
_RECORD_SECONDS = 10.0
# Another api process may have recorded an end without waking us, so SQL is asked too.
_LOOK_AGAIN_SECONDS = 1.0
# Ends are told to streams that come a moment later, too.
_MOST_RECORDED = 1_000
# An agent may tell of many steps in a second; asking SQL at each of them would load it for nothing.
_WELCOME_SECONDS = 3.0
_MOST_STREAMS = 20


@dataclass(frozen=True)
class Heartbeat:
    """Nothing happened for a while; tells everybody on the way that the connection is alive."""


class JobEvents:
    """Follows jobs for those who watch."""

    def __init__(self, jobs: Jobs, queue: JobQueue) -> None:
        self._jobs = jobs
        self._queue = queue
        self._recorded: OrderedDict[str, None] = OrderedDict()
        self._news: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()
        self._streams: Counter[str] = Counter()

    def check_room(self, user: Account) -> None:
        """Raises TooMany if a person watches as much as one may at this api."""
        if self._streams[user.id] >= _MOST_STREAMS:
            raise TooMany(
                f"You watch {_MOST_STREAMS} jobs already.", "Close some pages of PageWright, or ask for the job itself."
            )

    @contextmanager
    def watching(self, user: Account) -> Iterator[None]:
        """Counts as one stream."""
        self._streams[user.id] += 1
        try:
            yield
        finally:
            self._streams[user.id] -= 1
            self._streams += Counter()  # forgets those who watch nothing

    def tell_recorded(self, job: str) -> None:
        """Wake those who wait for this job's end to be in SQL, where it is now."""
        self._recorded[job] = None
        if len(self._recorded) > _MOST_RECORDED:
            self._recorded.popitem(last=False)
        if news := self._news.get(job):
            news.set()

    async def follow(
        self, job: OwnedJob, after: str, is_welcome: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[tuple[str, Event] | Heartbeat]:
        """Events after a position until the final one; a Heartbeat whenever there was none for 5 seconds.

        Ends within seconds when `is_welcome`, asked at most every 3 seconds, says no. Raises InvalidInput for a
        position that is none. SQL is not asked for what Redis tells.
        """
        asked_at = time.monotonic()
        async for item in self._events(job, after):
            if time.monotonic() >= asked_at + _WELCOME_SECONDS:
                if not await is_welcome():
                    return
                asked_at = time.monotonic()
            yield item

    async def _events(self, job: OwnedJob, after: str) -> AsyncIterator[tuple[str, Event] | Heartbeat]:
        position, has_ended = after, job.recorded.state.final
        while True:
            events = await self._next(job.id, position, has_ended=has_ended)
            for at, event in events:
                position = at
                if event.outcome and not has_ended:
                    await self._until_recorded(job.id)
                yield at, event
                if event.kind is EventKind.FINAL:
                    return
            if not events:
                yield Heartbeat()

    async def _until_recorded(self, job: str) -> None:
        """Return once the reconciler has recorded the end: who hears of it may ask for the job in the same moment."""
        deadline = time.monotonic() + _RECORD_SECONDS
        while job not in self._recorded and time.monotonic() < deadline:
            news = self._news.setdefault(job, asyncio.Event())
            try:
                async with asyncio.timeout(_LOOK_AGAIN_SECONDS):
                    await news.wait()
            except TimeoutError:
                if (history := await self._jobs.history(job)) and history[0].state.final:
                    self.tell_recorded(job)

    async def _next(self, job: str, after: str, *, has_ended: bool) -> list[tuple[str, Event]]:
        """The next events, from wherever they are known; none if nothing happens for a while."""
        try:
            if has_ended:
                return await self._queue.events(job, after) or await self._kept(job, after)
            return await self._queue.events(job, after, _BLOCK_SECONDS) or await self._unheard(job, after)
        except Unavailable:
            await asyncio.sleep(_RETRY_SECONDS)
            return await self._kept(job, after)

    async def _unheard(self, job: str, after: str) -> list[tuple[str, Event]]:
        """What SQL has of a job of which Redis told nothing for a while, unless Redis says that it is unfinished."""
        status = await self._queue.state(job)
        return [] if status and not status.outcome else await self._kept(job, after)

    async def _kept(self, job: str, after: str) -> list[tuple[str, Event]]:
        """What SQL kept of a job that ended; it always has a final event, whatever Redis lost."""
        recorded, events = await self._jobs.history(job) or (None, [])
        if recorded is None or not recorded.state.final:
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
