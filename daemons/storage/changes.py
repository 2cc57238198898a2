"""Which sites changed since when: a feed in memory, with long polling.

A cursor is the feed's epoch and a counter. A restart begins a new epoch, so the feed tells
the owner of an old cursor to compare everything. A site's newer change replaces its older one, so the feed stays small.
"""

import asyncio
import secrets
from contextlib import suppress

from shared.domain.vocabulary import ChangedSites


class ChangeFeed:
    """The feed; everything on the event loop."""

    def __init__(self) -> None:
        self._epoch = secrets.token_hex(8)
        self._counter = 0
        self._changed: dict[str, int] = {}
        self._looked_at: dict[str, int] = {}
        self._moved: dict[str, int] = {}
        self._news = asyncio.Event()
        self._closed = False

    def notify(self, site: str) -> None:
        """A site has a new version or deployment."""
        self._note(self._changed, site)

    def notify_wish(self, site: str) -> None:
        """Old versions of a site are looked at."""
        self._note(self._looked_at, site)

    def notify_move(self, site: str) -> None:
        """A site has another address."""
        self._note(self._moved, site)

    def _note(self, counters: dict[str, int], site: str) -> None:
        self._counter += 1
        counters.pop(site, None)
        counters[site] = self._counter
        self._wake()

    def looked_at(self, cursor: str) -> tuple[str, ...] | None:
        """The sites of which old versions are looked at since a cursor; None if it is none of ours."""
        counter = self._counter_of(cursor)
        return None if counter is None else _after(self._looked_at, counter)

    def moved(self, cursor: str) -> tuple[str, ...]:
        """The sites that moved since a cursor; none if it is none of ours, for then any may have."""
        counter = self._counter_of(cursor)
        return () if counter is None else _after(self._moved, counter)

    def close(self) -> None:
        """Answer everybody who waits: the daemon is stopping."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def since(self, cursor: str, seconds: float) -> ChangedSites:
        """What changed after a cursor, at once if something did, else after at most `seconds`."""
        counter = self._counter_of(cursor)
        if counter is None:
            return ChangedSites(cursor=self._cursor, reset=True)
        if counter == self._counter and not self._closed:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), seconds)
        return ChangedSites(cursor=self._cursor, sites=_after(self._changed, counter))

    @property
    def _cursor(self) -> str:
        return f"{self._epoch}-{self._counter}"

    def _counter_of(self, cursor: str) -> int | None:
        epoch, _, counter = cursor.partition("-")
        if epoch != self._epoch or not counter.isdecimal() or int(counter) > self._counter:
            return None
        return int(counter)


def _after(counters: dict[str, int], counter: int) -> tuple[str, ...]:
    """Newest first; the cost grows with the changes, not with the sites."""
    sites = []
    for site in reversed(counters):
        if counters[site] <= counter:
            break
        sites.append(site)
    return tuple(sites)
