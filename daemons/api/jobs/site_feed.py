"""Tells who has a site's page open that something happened to it, whoever did it and through whichever api.

One reader per api follows the queue's stream of news, and all who watch wait for it: nobody is asked for each of them.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.jobs.events import Heartbeat
from shared.clients.job_queue import JobQueue, SiteEvent
from shared.domain.errors import Busy, Unavailable

_log = logging.getLogger(__name__)
_BLOCK_SECONDS = 5.0
_RETRY_SECONDS = 1.0
_SILENCE_SECONDS = 15.0
_WELCOME_SECONDS = 3.0
# A page may come a moment after what it has not seen.
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True)
class SiteChanged:
    """Something happened: to this job, or to anything that the page of the site shows."""

    position: str
    job: str | None = None


@dataclass(eq=False)
class _Watcher:
    waiting: dict[str | None, str] = field(default_factory=dict)  # by job, the position of its last event
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, job: str | None, position: str) -> None:
        self.waiting[job] = position
        self.news.set()

    async def next(self) -> list[SiteChanged]:
        """What has been told since; nothing after some seconds without news."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.news.wait(), _SILENCE_SECONDS)
        self.news.clear()
        told, self.waiting = self.waiting, {}
        return [SiteChanged(position, job) for job, position in told.items()]


class SiteFeed:
    """The news of all sites; they are read from the first page on that watches."""

    def __init__(self, queue: JobQueue, welcome_seconds: float = _WELCOME_SECONDS) -> None:
        self._queue = queue
        self._welcome_seconds = welcome_seconds
        self._begun: str | None = None
        self._position = ""
        self._last: OrderedDict[str, str] = OrderedDict()
        self._watchers: dict[str, set[_Watcher]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._telling: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [*self._telling, *filter(None, [self._reader])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def position(self) -> str:
        """What a page that is made now has seen; empty while nobody watches."""
        return self._position

    def tell(self, site: str) -> None:
        """Tell everybody, at this api and at others, without waiting for it; while the queue is away nobody is told."""
        task = asyncio.create_task(self._tell(site))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self, site: str) -> None:
        with suppress(Unavailable, Busy):
            await self._queue.tell_changed(site)

    async def watch(
        self, site: OwnedSite, after: str, is_welcome: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[SiteChanged | Heartbeat]:
        """What happens to a site after a position; a Heartbeat whenever nothing did for a while.

        Costs nothing while nothing happens. Ends when `is_welcome`, asked at most every 3 seconds and only if there is
        something to tell, says no.
        """
        if self._reader is None:
            self._reader = asyncio.create_task(self._read())
        watcher, asked_at = _Watcher(), time.monotonic()
        self._watchers.setdefault(site.name, set()).add(watcher)
        try:
            if self._has_missed(site.name, after):
                watcher.tell(None, self._position)
            while True:
                told = await watcher.next()
                if told and time.monotonic() >= asked_at + self._welcome_seconds:
                    if not await is_welcome():
                        return
                    asked_at = time.monotonic()
                for one in told:
                    yield one
                if not told:
                    yield Heartbeat()
        finally:
            self._watchers[site.name].discard(watcher)
            if not self._watchers[site.name]:
                del self._watchers[site.name]

    def _has_missed(self, site: str, after: str) -> bool:
        """Whether something may have happened since; before the reader has begun, which tells everybody then, no."""
        if self._begun is None:
            return False
        if not after or _order(after) < _order(self._begun):
            return True
        return _order(self._last.get(site, self._begun)) > _order(after)

    async def _read(self) -> None:
        """Follow the news for ever. No retry: lasts as long as the api."""
        while True:
            try:
                self._position = self._begun = await self._queue.newest_news()
                self._last.clear()
                self._tell_all()
                while True:
                    for position, event in await self._queue.news(self._position, _BLOCK_SECONDS):
                        self._position = position
                        self._note(position, event)
            except Unavailable as error:
                _log.warning("the pages of sites have to wait for news: %s", error.detail)
            except Exception:
                _log.exception("the news of sites can't be read")
            await asyncio.sleep(_RETRY_SECONDS)

    def _note(self, position: str, event: SiteEvent) -> None:
        self._last[event.site] = position
        self._last.move_to_end(event.site)
        if len(self._last) > _MOST_REMEMBERED:
            _, self._begun = self._last.popitem(last=False)
        for watcher in self._watchers.get(event.site, ()):
            watcher.tell(event.job, position)

    def _tell_all(self) -> None:
        """The queue was away, or is asked for the first time: anything may have happened."""
        for watchers in self._watchers.values():
            for watcher in watchers:
                watcher.tell(None, self._position)


def _order(position: str) -> tuple[int, int]:
    milliseconds, _, number = position.partition("-")
    return int(milliseconds), int(number or 0)
