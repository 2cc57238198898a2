"""Versions as people look at them: their records, source files, differences and screenshots."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.database.paging import Page, page_of
from daemons.api.sites.differences import Difference, differences
from daemons.api.sites.page_titles import PageTitles
from daemons.api.sites.seen_changes import SeenChanges
from daemons.api.sites.version_pair import VersionPair, read_pair
from shared.clients.storage import StorageClient
from shared.domain.archive import Artifact, unpack
from shared.domain.errors import NotFound, PageWrightError, Unavailable
from shared.domain.file_list import decode_file_list
from shared.domain.manifest import FileList, Manifest
from shared.domain.tree import DEFAULT_LIMITS, Tree, digests
from shared.domain.unreadable import reading_version
from shared.domain.visible_changes import VisibleChanges
from shared.domain.vocabulary import Digest, Record

_MOST_PAGE_LISTS = 200
_CACHED_BYTES = 2 * DEFAULT_LIMITS.total_bytes  # one artifact at least


class SourceFile(Record):
    """One file that the agent may edit."""

    path: str
    size: int
    sha256: Digest


class Versions:
    """Everything about versions; raises NotFound for one that is not there, Unavailable if storage is away."""

    def __init__(self, storage: StorageClient) -> None:
        self._storage = storage
        self._artifacts = ArtifactCache(storage)
        self._titles = PageTitles(storage)
        self._seen_changes = SeenChanges(storage)
        self._pages: OrderedDict[str, Mapping[str, str]] = OrderedDict()  # by the digest of the list of served files

    async def show(self, site: OwnedSite, number: int) -> Manifest:
        """The record of a version."""
        return await self._storage.version(site.name, number)

    async def list_versions(
        self, site: OwnedSite, before: int | None, limit: int
    ) -> tuple[Page[Manifest], dict[int, Manifest]]:
        """A site's versions, newest first, and by number these and the one behind them, to compare with."""
        items, _ = await self._storage.versions(site.name, before=before, limit=limit + 1)
        return page_of(items, limit, lambda manifest: str(manifest.number)), {item.number: item for item in items}

    async def parent(self, site: OwnedSite, manifest: Manifest) -> Manifest | None:
        """The record of the version that this one was made from; None if there is none or it can't be read."""
        if manifest.parent is None:
            return None
        try:
            return await self._storage.version(site.name, manifest.parent)
        except Unavailable:
            raise
        except PageWrightError:
            return None

    async def pages(self, manifest: Manifest) -> Mapping[str, str]:
        """The pages that a version serves, the home page first, with their digests; none if its list is missing."""
        listed = manifest.public
        if listed.sha256 not in self._pages:
            try:
                data = await self._storage.get_blob(listed.sha256, listed.size)
            except NotFound:
                return {}
            self._pages[listed.sha256] = _pages(decode_file_list(data))
            if len(self._pages) > _MOST_PAGE_LISTS:
                self._pages.popitem(last=False)
        return self._pages[listed.sha256]

    async def titles(self, manifest: Manifest) -> Mapping[str, str]:
        """The titles of a version's pages, by path, as far as they are known and tell pages apart."""
        return await self._titles.of(manifest)

    async def pair(self, site: OwnedSite, earlier: int | None, later: int | None) -> VersionPair:
        """Two versions to compare, by default what visitors see and the newest; raises NotFound if there are no two."""
        return await read_pair(self._storage, site, earlier, later)

    async def seen_changes(self, manifest: Manifest) -> VisibleChanges | None:
        """What a version changed for a person who looks at its pages; None if nobody compared it with its parent."""
        return await self._seen_changes.of(manifest)

    async def artifact(self, site: OwnedSite, number: int) -> tuple[Manifest, AsyncIterator[bytes]]:
        """The version's record and its artifact's bytes."""
        manifest = await self.show(site, number)
        if not await self._storage.has_blob(manifest.artifact.sha256):
            raise NotFound(f"The artifact of version {number} of {site.name} is missing.", "Tell an operator.")
        return manifest, self._storage.stream_blob(manifest.artifact.sha256, manifest.artifact.size)

    async def files(self, site: OwnedSite, number: int) -> list[SourceFile]:
        """The version's source files by path."""
        source = await self._source(await self.show(site, number))
        listed = sorted(digests(source).items())
        return [SourceFile(path=path, size=len(source[path]), sha256=sha256) for path, sha256 in listed]

    async def file(self, site: OwnedSite, number: int, path: str) -> bytes:
        """One source file. The bytes are hostile: never answer them as a page of ours."""
        source = await self._source(await self.show(site, number))
        if path not in source:
            raise NotFound(f"Version {number} of {site.name} has no file {path[:200]!r}.", "List its files.")
        return source[path]

    async def diff(self, site: OwnedSite, number: int, against: int | None) -> Difference:
        """What changed in the source since the version `against` (0: nothing), by default the version's parent."""
        after = await self.show(site, number)
        base = (after.parent if against is None else against) or None
        before = await self._source(await self._storage.version(site.name, base)) if base else {}
        source = await self._source(after)
        files, total = await asyncio.to_thread(differences, before, source)
        complete = len(files) == total and all(file.binary or file.diff is not None for file in files)
        return Difference(number=number, against=base, files=files, total=total, complete=complete)

    async def screenshot(self, site: OwnedSite, number: int, page: str, viewport: str) -> bytes:
        """The JPEG of one whole page at one width (`desktop` or `phone`), or of what one sees first of it (`small`)."""
        manifest = await self.show(site, number)
        for screenshot in manifest.pictures:
            if (screenshot.page, screenshot.viewport) == (page, viewport):
                return await self._storage.get_blob(screenshot.image.sha256, screenshot.image.size)
        raise NotFound(
            f"Version {number} of {site.name} has no such screenshot.", "Its record lists those that it has."
        )

    async def _source(self, manifest: Manifest) -> Tree:
        return (await self._artifacts.get(manifest)).source


class ArtifactCache:
    """The artifacts that were looked at last, unpacked, as many as fit."""

    def __init__(self, storage: StorageClient) -> None:
        self._storage = storage
        self._artifacts: OrderedDict[str, Artifact] = OrderedDict()
        # One at a time: two large ones unpacked at once would take twice the memory.
        self._turn = asyncio.Lock()

    async def get(self, manifest: Manifest) -> Artifact:
        """The artifact of this version; raises Conflict if nobody can read it."""
        blob = manifest.artifact
        async with self._turn:
            if blob.sha256 not in self._artifacts:
                with reading_version(manifest.number):
                    data = await self._storage.get_blob(blob.sha256, blob.size)
                    self._artifacts[blob.sha256] = await asyncio.to_thread(unpack, data)
            self._artifacts.move_to_end(blob.sha256)
            self._shrink()
            return self._artifacts[blob.sha256]

    def _shrink(self) -> None:
        while len(self._artifacts) > 1 and sum(map(_size, self._artifacts.values())) > _CACHED_BYTES:
            self._artifacts.popitem(last=False)


def _pages(listed: FileList) -> dict[str, str]:
    digests = {file.path: file.sha256 for file in listed.files if file.path.endswith((".html", ".htm"))}
    return {
        path: digests[path] for path in sorted(digests, key=lambda path: (path != "index.html", path.count("/"), path))
    }


def _size(artifact: Artifact) -> int:
    return sum(map(len, artifact.source.values())) + sum(map(len, artifact.public.values()))
