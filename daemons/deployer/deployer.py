"""Watches storage and keeps this host's sites as it wants them: sites side by side, one site step by step."""

import asyncio
import logging
import math
import time
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from weakref import WeakValueDictionary

from daemons.deployer.address_keeper import AddressKeeper
from daemons.deployer.releasing import Releaser
from daemons.deployer.site_deployer import Look, SiteDeployer
from daemons.deployer.site_directory import site_names
from shared.clients.retry import retry
from shared.clients.storage import StorageClient
from shared.domain.errors import PageWrightError, Unavailable
from shared.domain.vocabulary import ChangedSites, SiteHead, SiteNews
from shared.runtime import metrics
from shared.runtime.journal import log_context

_log = logging.getLogger(__name__)
_WAIT_SECONDS = 25.0
_LONGEST_PAUSE_SECONDS = 10.0  # between tries while storage is away
_IDLE_SECONDS = 0.2  # before asking again a storage that says nothing
_WISHES_SECONDS = 15.0
_PAGE = 500
_PARALLEL_SITES = 32
_CANCELS, _CANCEL_SECONDS = 3, 3.0


class Deployer:
    """Makes `root` equal to what storage wants; while storage is away, visitors get what they got before."""

    def __init__(
        self,
        storage: StorageClient,
        root: Path,
        trusted_keys: Path,
        *,
        keep: int,
        compare_seconds: float,
        deep_check_seconds: float,
    ) -> None:
        self._storage = storage
        self._root = root
        self._sites = SiteDeployer(storage, root, Releaser(storage, root, trusted_keys), keep)
        self._addresses = AddressKeeper(storage, root, compare_seconds)
        self._compare_seconds = compare_seconds
        self._deep_check_seconds = deep_check_seconds
        self._compare_now = asyncio.Event()
        self._behind = True
        self._compared_at: float | None = None
        self._compared = asyncio.Event()
        self._waiting: dict[str, tuple[Look, SiteNews | None]] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._deploying = asyncio.Semaphore(_PARALLEL_SITES)
        self._tasks: set[asyncio.Task[None]] = set()

    async def work(self, stop: asyncio.Event) -> None:
        """Watch and compare until the event is set; the next start sweeps what is half done by then."""
        keeping = (self._compare_regularly(), self._look_after(), self._end_wishes(), self._addresses.work())
        ends = [self._start(loop) for loop in (self._watch(), *keeping, _wait(stop))]
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        await self._end_tasks()
        for task in done:
            task.result()

    async def _end_tasks(self) -> None:
        """Cancel everything several times, because a cancellation can get lost; leave tasks that hang on the disk."""
        for _ in range(_CANCELS):
            if self._tasks:
                for task in tuple(self._tasks):
                    task.cancel()
                await asyncio.wait(tuple(self._tasks), timeout=_CANCEL_SECONDS)
        if self._tasks:
            _log.error("%d tasks do not end; what they leave behind is swept at the next start", len(self._tasks))

    async def ready(self) -> None:
        """Raises Unavailable unless a full comparison succeeded recently."""
        if self._compared_at is None or time.monotonic() - self._compared_at > 3 * self._compare_seconds:
            raise Unavailable("This host has not been compared with storage lately.", "See whether storage answers.")

    async def measure(self) -> None:
        """Set the gauges: the disk, and which sites do not show what storage wants, or not where."""
        metrics.measure_disk("web", self._root)
        now, behind = time.monotonic(), {**self._addresses.behind, **self._sites.behind}
        metrics.SITES_BEHIND.set(len(behind))
        metrics.BEHIND_SECONDS.set(max((now - since for since in behind.values()), default=0))
        metrics.SITES_OLDER.set(len(self._sites.older | self._addresses.older))

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _watch(self) -> None:
        """Deploy what storage says has changed; after every gap, compare everything."""
        cursor: str | None = None
        while True:
            asked = time.monotonic()
            changes = await retry(
                lambda: self._changes(cursor),  # noqa: B023  # awaited before it changes
                seconds=math.inf,
                after=PageWrightError,
                longest_pause=_LONGEST_PAUSE_SECONDS,
            )
            if self._behind or changes.reset:
                self._compare_now.set()
            if self._behind or changes.reset or changes.moved:
                self._addresses.look()
            says_nothing = cursor is not None and (changes.reset or changes.cursor == cursor)
            cursor, self._behind = changes.cursor, False
            news = {told.head.site: told for told in changes.news}
            for site in changes.sites:
                self._start(self.deploy(site, Look.ASKED, news.get(site)))
            for site in self._sites.wished.add(changes.wished) - {*changes.sites}:
                self._start(self.deploy(site))
            if says_nothing and time.monotonic() - asked < _IDLE_SECONDS:  # storage is stopping, or repeats its answer
                await asyncio.sleep(_IDLE_SECONDS)

    async def _changes(self, cursor: str | None) -> ChangedSites:
        try:
            return await self._storage.changes(cursor, _WAIT_SECONDS)
        except PageWrightError as error:
            _log.warning("storage tells no changes: %s", error.detail)
            self._behind = True
            raise

    async def _end_wishes(self) -> None:
        """Remove old versions some time after somebody looked at them last."""
        while True:
            await asyncio.sleep(_WISHES_SECONDS)
            for site in self._sites.wished.forget_outdated():
                await self.deploy(site)

    async def _compare_regularly(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._compare_seconds):
                    await self._compare_now.wait()
            self._compare_now.clear()
            try:
                await self.compare()
            except PageWrightError as error:
                _log.warning("no comparison with storage: %s", error.detail)

    async def compare(self) -> None:
        """Deploy every site that differs from what storage wants; raises PageWrightError if storage is away."""
        unlisted = await asyncio.to_thread(site_names, self._root)
        after: str | None = ""
        while after is not None:
            heads, after = await self._storage.sites(after, _PAGE)
            unlisted -= {head.site for head in heads}
            differing = await asyncio.to_thread(self._differing, heads)
            await asyncio.gather(*(self.deploy(site) for site in differing))
        # Storage leaves damaged sites out of its list; asking for one tells why.
        await asyncio.gather(*(self.deploy(site) for site in unlisted))
        self._compared_at = time.monotonic()
        self._compared.set()
        metrics.LAST_COMPARISON.set_to_current_time()

    async def _look_after(self) -> None:
        """Look at every site's live releases: at the start by names and sizes, then byte by byte, slowly and for ever.

        Begins after the first comparison and spreads each round over its time. The first round rebuilds releases of an
        older deployer.
        """
        await self._compared.wait()
        look, seconds = Look.SIZES, 0.0
        while True:
            names = sorted(await asyncio.to_thread(site_names, self._root))
            for name in names:
                await asyncio.sleep(seconds / len(names))
                await self.deploy(name, look)
            look, seconds = Look.BYTES, self._deep_check_seconds or math.inf
            if not names:
                await asyncio.sleep(min(seconds, self._compare_seconds))

    def _differing(self, heads: list[SiteHead]) -> list[str]:
        return [head.site for head in heads if self._sites.differs(head)]

    async def deploy(self, site: str, look: Look = Look.NEWS, news: SiteNews | None = None) -> None:
        """Bring one site up to date; a failure is logged, and tried again at the next comparison.

        Storage is asked for what `news` does not tell. Who comes without news has seen something else than what waits.
        """
        if site in self._waiting:
            before, told = self._waiting[site]
            self._waiting[site] = max(look, before), news if told else None
            return
        self._waiting[site] = look, news
        with log_context(site=site):
            async with self._lock(site), self._deploying:
                look, news = self._waiting.pop(site)
                try:
                    await self._sites.deploy(site, look, news)
                except PageWrightError as error:
                    _log.warning("not deployed: %s", error.detail)
                except Exception:
                    _log.exception("not deployed")

    def _lock(self, site: str) -> asyncio.Lock:
        return self._locks.setdefault(site, asyncio.Lock())


async def _wait(stop: asyncio.Event) -> None:
    await stop.wait()
