"""Watches storage and carries out each site's plan: sites side by side, one site step by step."""

import asyncio
import logging
import random
import time
from collections.abc import Coroutine
from contextlib import ExitStack, suppress
from pathlib import Path
from weakref import WeakValueDictionary

from daemons.deployer.plan import Action, OnDisk, Release, Remove, Sweep, Switch, is_behind, plan
from daemons.deployer.site_directory import SiteDirectory, site_names
from shared import metrics
from shared.archive import MOST_ARTIFACT_BYTES
from shared.errors import PageWrightError, Unavailable
from shared.journal import log_context
from shared.manifest import Blob, Manifest
from shared.served_release import ServedFile, check_blob, check_manifest, served_files
from shared.signing import load_trusted_keys
from shared.storage_client import StorageClient
from shared.vocabulary import SiteHead

_log = logging.getLogger(__name__)
_WAIT_SECONDS = 25.0
_PAUSES = (0.2, 10.0)  # seconds between tries while storage is away: the first and the longest
_PAGE = 500
_PARALLEL_RELEASES = 2  # each holds a whole site in memory
_PARALLEL_SITES = 32
_CANCELS, _CANCEL_SECONDS = 3, 3.0


class Deployer:
    """Makes `root` equal to what storage wants. What is served stays as it is while storage is away."""

    def __init__(
        self, storage: StorageClient, root: Path, trusted_keys: Path, *, keep: int, compare_seconds: float
    ) -> None:
        self._storage = storage
        self._root = root
        self._trusted_keys = trusted_keys
        self._keep = keep
        self._compare_seconds = compare_seconds
        self._compare_now = asyncio.Event()
        self._compared_at: float | None = None
        self._waiting: set[str] = set()
        self._behind: dict[str, float] = {}  # since when, by the monotonic clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._releasing = asyncio.Semaphore(_PARALLEL_RELEASES)
        self._deploying = asyncio.Semaphore(_PARALLEL_SITES)
        self._tasks: set[asyncio.Task[None]] = set()

    async def work(self, stop: asyncio.Event) -> None:
        """Watch and compare until the event is set; what is then half done is swept at the next start."""
        ends = [self._start(loop) for loop in (self._watch(), self._compare_regularly(), _wait(stop))]
        done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        await self._end_tasks()
        for task in done:
            task.result()

    async def _end_tasks(self) -> None:
        """Cancel everything, more than once, for a cancellation can get lost; what hangs on its disk is left."""
        for _ in range(_CANCELS):
            if self._tasks:
                for task in tuple(self._tasks):
                    task.cancel()
                await asyncio.wait(tuple(self._tasks), timeout=_CANCEL_SECONDS)
        if self._tasks:
            _log.error("%d tasks do not end; what they leave behind is swept at the next start", len(self._tasks))

    async def ready(self) -> None:
        """Raises Unavailable unless a full comparison succeeded lately."""
        if self._compared_at is None or time.monotonic() - self._compared_at > 3 * self._compare_seconds:
            raise Unavailable("This host has not been compared with storage lately.", "See whether storage answers.")

    async def measure(self) -> None:
        """Set the gauges: the disk, and which sites do not show what storage wants."""
        metrics.measure_disk("web", self._root)
        now = time.monotonic()
        metrics.SITES_BEHIND.set(len(self._behind))
        metrics.BEHIND_SECONDS.set(max((now - since for since in self._behind.values()), default=0))

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _watch(self) -> None:
        """Deploy what storage says has changed; after every gap, compare everything."""
        cursor: str | None = None
        behind, pause = True, _PAUSES[0]
        while True:
            try:
                changes = await self._storage.changes(cursor, _WAIT_SECONDS)
            except PageWrightError as error:
                _log.warning("storage tells no changes: %s", error.detail)
                behind = True
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  # spreads hosts, guards nothing
                pause = min(2 * pause, _PAUSES[1])
                continue
            if behind or changes.reset:
                self._compare_now.set()
            cursor, behind, pause = changes.cursor, False, _PAUSES[0]
            for site in changes.sites:
                self._start(self.deploy(site))

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
        # Storage lists no site whose records are damaged: asking for it tells.
        await asyncio.gather(*(self.deploy(site) for site in unlisted))
        self._compared_at = time.monotonic()
        metrics.LAST_COMPARISON.set_to_current_time()

    def _differing(self, heads: list[SiteHead]) -> list[str]:
        return [head.site for head in heads if head.site in self._behind or self._differs(head)]

    def _differs(self, head: SiteHead) -> bool:
        """Also if its directory can't be read: deploying it tells why, and no other site has to wait for it."""
        try:
            return bool(plan(head, SiteDirectory(self._root, head.site).read(), self._keep))
        except OSError:
            return True

    async def deploy(self, site: str) -> None:
        """Bring one site up to date; a failure is logged, and tried again at the next comparison."""
        if site in self._waiting:
            return
        self._waiting.add(site)
        with log_context(site=site):
            async with self._lock(site), self._deploying:
                self._waiting.discard(site)
                try:
                    await self._carry_out_plan(site)
                except PageWrightError as error:
                    _log.warning("not deployed: %s", error.detail)
                except Exception:
                    _log.exception("not deployed")

    def _lock(self, site: str) -> asyncio.Lock:
        return self._locks.setdefault(site, asyncio.Lock())

    async def _carry_out_plan(self, site: str) -> None:
        directory = SiteDirectory(self._root, site)
        try:
            head = await self._storage.head(site)
            on_disk = await asyncio.to_thread(directory.read)
        except Unavailable:
            raise
        except Exception:  # nobody knows what it shows, or what it shall
            self._behind.setdefault(site, time.monotonic())
            raise
        self._note(head, on_disk)
        try:
            await self._carry_out(directory, head, on_disk)
        finally:
            self._note(head, await asyncio.to_thread(directory.read))

    def _note(self, head: SiteHead, on_disk: OnDisk) -> None:
        if is_behind(head, on_disk):
            self._behind.setdefault(head.site, time.monotonic())
        else:
            self._behind.pop(head.site, None)

    async def _carry_out(self, directory: SiteDirectory, head: SiteHead, on_disk: OnDisk) -> None:
        missing: set[int] = set()
        for action in plan(head, on_disk, self._keep):
            match action:
                case Release(version):
                    if not await self._release(directory, head.site, version):
                        missing.add(version)
                case Switch(_, version) | Remove(version) if version in missing:
                    pass
                case _:
                    await asyncio.to_thread(_change, directory, action)

    async def _release(self, directory: SiteDirectory, site: str, version: int) -> bool:
        """Whether the version is on disk now. A refused one leaves everything as it was."""
        with ExitStack() as story:
            story.enter_context(log_context(version=str(version)))
            async with self._releasing:
                try:
                    manifest = await self._storage.version(site, version)
                    story.enter_context(log_context(job=manifest.job))
                    files = await self._fetch(manifest, site, version)
                    await asyncio.to_thread(directory.release, version, files)
                except Unavailable:
                    raise
                except OSError as error:  # on a full disk the plan goes on: what it removes makes space
                    _log.error("release failed: %s", error)
                    metrics.RELEASES.labels("failed").inc()
                    return False
                except PageWrightError as error:
                    _log.error("release refused: %s", error.detail)
                    metrics.RELEASES.labels("refused").inc()
                    return False
            _log.info("released")
            metrics.RELEASES.labels("released").inc()
            return True

    async def _fetch(self, manifest: Manifest, site: str, version: int) -> list[ServedFile]:
        check_manifest(manifest, site, version, load_trusted_keys(self._trusted_keys.read_text()))
        artifact = await self._blob("artifact", manifest.artifact)
        listed = await self._blob("list of served files", manifest.public)
        return await asyncio.to_thread(served_files, artifact, listed, manifest.stamp)

    async def _blob(self, name: str, blob: Blob) -> bytes:
        data = await self._storage.get_blob(blob.sha256, min(blob.size, MOST_ARTIFACT_BYTES))
        await asyncio.to_thread(check_blob, name, blob, data)
        return data


async def _wait(stop: asyncio.Event) -> None:
    await stop.wait()


def _change(directory: SiteDirectory, action: Action) -> None:
    match action:
        case Switch(slot, version):
            with metrics.SWITCH_SECONDS.time():
                directory.switch(slot, version)
            _log.info("%s shows version %d", slot, version)
        case Remove(version):
            directory.remove(version)
        case Sweep(name):
            directory.sweep(name)
