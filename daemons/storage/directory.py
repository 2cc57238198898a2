"""Storage in a directory: opens sites, lets one writer at a time into each, and tells the feed what changed.

One process owns the directory through the file `lock`, so its memory of a site matches the disk.
"""

import asyncio
import bisect
import errno
import logging
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar
from weakref import WeakValueDictionary

from anyio import to_thread
from pydantic import TypeAdapter, ValidationError

from daemons.storage.blobs import Blobs
from daemons.storage.changes import ChangeFeed
from daemons.storage.checksummed_file import still_damaged
from daemons.storage.durable import sweep, sync_file_system
from daemons.storage.fences import FenceClaim
from daemons.storage.ownership import check_restored, own
from daemons.storage.stored_site import DesiredRequest, StoredSite
from daemons.storage.wishes import Wishes
from shared.domain.desired_version import DesiredVersion
from shared.domain.errors import InsufficientStorage, PageWrightError, StaleFence, Unavailable
from shared.domain.manifest import Manifest
from shared.domain.release import RELEASE
from shared.domain.vocabulary import (
    DamagedRecord,
    Deployment,
    SiteHead,
    SiteName,
    SiteNews,
    Slot,
    StorageStatus,
    WishedVersion,
)
from shared.runtime import metrics
from shared.runtime.backups import newest_time
from shared.runtime.journal import log_context

_log = logging.getLogger(__name__)
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_READY_BYTES = 512 << 20
_MOST_DAMAGED = 20
_KINDS = {"versions": "version", "deployments": "deployment", "addresses": "address", "jobs": "job"}
_site_name: TypeAdapter[str] = TypeAdapter(SiteName)
T = TypeVar("T")


class Directory:
    """All sites and blobs under one directory. Blocks while it opens; `close` gives the lock back."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._root = root
        self._lock = own(root)
        check_restored(root)
        incoming = root / "incoming"
        for directory in (incoming, root / "sites"):
            directory.mkdir(exist_ok=True)
        sweep(incoming)
        self.blobs = Blobs(root / "blobs", incoming)
        sync_file_system(root)
        self.changes = ChangeFeed()
        self.wishes = Wishes()
        self.names = sorted(filter(_is_site_name, (entry.name for entry in (root / "sites").iterdir())))
        self._open: dict[str, StoredSite] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._doubtful = False

    def close(self) -> None:
        os.close(self._lock)

    def folder(self, name: str) -> Path:
        return self._root / "sites" / name

    async def site(self, name: str) -> StoredSite:
        """A site for reading only; write through `claim`, `commit` and `deploy`."""
        opened = self._open.get(name)
        if opened is None:
            opened = await self.in_turn(name, _itself)
        return opened

    def knows(self, name: str) -> bool:
        """Whether a site was ever claimed; of any other there is nothing on disk."""
        position = bisect.bisect_left(self.names, name)
        return self.names[position : position + 1] == [name]

    async def heads(self, after: str, limit: int) -> tuple[list[SiteHead], str | None]:
        """What is known of each site after a name, by name, and the next page's `after`.

        Leaves damaged sites out and names them in the journal, so that the deployers still get the others.
        """
        start = bisect.bisect_right(self.names, after)
        names = self.names[start : start + limit]
        heads, fault = [], None
        for name in names:
            try:
                heads.append((await self.site(name)).head())
            except PageWrightError as error:
                fault = error
                with log_context(site=name):
                    _log.error("this site is damaged, so it is not listed")
        if fault and not self._open:  # no site could be read: blame the disk
            raise fault
        return heads, names[-1] if start + limit < len(self.names) else None

    async def claim(self, name: str, claim: FenceClaim) -> SiteHead:
        """See StoredSite.claim; the first claim makes the site known."""
        head = await self.in_turn(name, lambda site: site.claim(claim))
        if not self.knows(name):
            bisect.insort(self.names, name)
        return head

    async def commit(self, manifest: Manifest, content: bytes) -> tuple[bytes, bool]:
        """See StoredSite.commit."""
        stored, new = await self.in_turn(manifest.site, lambda site: site.commit(manifest, content, self.blobs))
        if new:
            self._tell(manifest.site, "version")
        return stored, new

    async def deploy(
        self, name: str, slot: Slot, version: int | None, by: str, fence: int | None, expected: int | None
    ) -> tuple[Deployment, bool]:
        """See StoredSite.deploy. Notifies of a repeated one too, so that the web hosts check again what they show."""
        deployment, new = await self.in_turn(name, lambda site: site.deploy(slot, version, by, fence, expected))
        if new:
            self._tell(name, "deployment")
        else:
            self.changes.notify(name)
        return deployment, new

    async def desire(self, name: str, asked: DesiredRequest) -> DesiredVersion:
        """See StoredSite.desire. Notifies as `deploy`."""
        desired = await self.in_turn(name, lambda site: site.desire(asked, self.blobs))
        if desired.is_new:
            self._tell(name, "deployment")
        else:
            self.changes.notify(name)
        return desired

    async def wish(self, name: str, version: int, *, is_missing: bool) -> None:
        """Let web hosts keep a version a while; raises NotFound, or TooMany."""
        (await self.site(name)).versions.require(version)
        if self.wishes.wish(name, version, is_missing=is_missing):
            self.changes.notify_wish(name)

    def wished(self, cursor: str) -> tuple[WishedVersion, ...]:
        """Those that are new since a cursor; all if it is none of ours."""
        sites = self.changes.looked_at(cursor)
        wished = self.wishes.all()
        return wished if sites is None else tuple(one for one in wished if one.site in sites)

    def news(self, names: Iterable[str]) -> tuple[SiteNews, ...]:
        """What is known of these sites without reading anything."""
        return tuple(self._open[name].news() for name in names if name in self._open)

    def _tell(self, name: str, what: str) -> None:
        with log_context(site=name):
            _log.info("new %s", what)
        metrics.STORED.labels(what).inc()
        self.changes.notify(name)

    async def in_turn(self, name: str, work: Callable[[StoredSite], T]) -> T:
        """Run `work` in a thread, one caller per site at a time."""
        async with self._turns.setdefault(name, asyncio.Lock()):
            try:
                return await to_thread.run_sync(self._work_on, name, work)
            except StaleFence:
                metrics.STALE_FENCES.inc()
                raise

    def _work_on(self, name: str, work: Callable[[StoredSite], T]) -> T:
        """Run `work`; after a failed write forget the site, so that the next caller flushes and reads it from disk."""
        try:
            site = self._opened(name)
            result = work(site)
        except PageWrightError:
            raise  # refused before anything was written
        except Exception as error:
            self._open.pop(name, None)
            self._doubtful = True
            if isinstance(error, OSError):
                raise disk_error(error) from error
            raise
        if name not in self._open and site.fences.highest:
            self._open[name] = site
        return result

    def _opened(self, name: str) -> StoredSite:
        if self._doubtful:
            self._doubtful = False  # before flushing: a doubt that comes up meanwhile must not be lost
            sync_file_system(self._root)
        return self._open.get(name) or StoredSite(name, self.folder(name), self._root / "incoming")

    def status(self, backups: Path | None) -> StorageStatus:
        """The status, with the time of the newest backup in a folder. Blocks; raises if the disk gives no answer."""
        try:
            disk = shutil.disk_usage(self._root)
        except OSError as error:
            raise disk_error(error) from error
        return StorageStatus(
            release=RELEASE,
            sites=len(self.names),
            disk_free_bytes=disk.free,
            disk_size_bytes=disk.total,
            backups_watched=backups is not None,
            backup_at=newest_time(backups),
            damaged=tuple(_damaged_record(self._root, path) for path in still_damaged(self._root, _MOST_DAMAGED)),
        )

    async def check_ready(self) -> None:
        """Raises Unavailable while nothing could be written."""
        if not os.access(self._root / "incoming", os.W_OK):
            raise Unavailable("Storage's directory can't be written.", "Check its owner and whether it is mounted.")
        free = shutil.disk_usage(self._root).free
        if free < _READY_BYTES:
            raise Unavailable(f"Storage has only {free >> 20} MiB left.", f"Free at least {_READY_BYTES >> 20} MiB.")


def disk_error(error: OSError) -> PageWrightError:
    """The error that a client gets for a failed read or write; the journal gets the details."""
    _log.error("disk error: %s", error)
    if error.errno in _DISK_FULL:
        return InsufficientStorage("Storage's disk is full.", "An operator has to free space.")
    return PageWrightError("Storage can't use its disk.", "An operator finds the reason in storage's journal.")


def _damaged_record(root: Path, path: Path) -> DamagedRecord:
    """`sites/bakery/versions/000000/3` → version 3 of bakery."""
    _, site, *rest = path.relative_to(root).parts
    number = int(rest[-1]) if rest[0] in ("versions", "deployments", "addresses") else None
    return DamagedRecord(site=site, kind=_KINDS.get(rest[0], rest[0]), number=number)


def _itself(site: StoredSite) -> StoredSite:
    return site


def _is_site_name(name: str) -> bool:
    try:
        return bool(_site_name.validate_python(name))
    except ValidationError:
        return False
