"""A site's files to keep, as a zip: of one version, or of all with their records. One at a time is in memory."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.sites.zip_stream import ZipStream
from htmx_ui.missing_text import missing_text
from shared.clients.call_line import CallLine
from shared.clients.storage import StorageClient
from shared.domain.archive import Artifact, unpack
from shared.domain.errors import NotFound, PageWrightError, TooMany, Unavailable
from shared.domain.file_list import decode_file_list
from shared.domain.manifest import Manifest
from shared.domain.tree import Tree
from shared.domain.unreadable import reading_version

_AT_ONCE, _WAITING = 2, 20  # each has a version in memory
_PIECE = 1 << 20
MOST_FILES = 100_000  # the list at the end of a zip is kept until then
MISSING = "MISSING.txt"


@dataclass(frozen=True)
class Export:
    """A zip on its way: its file name, its first bytes, and where the others come from. Whoever sends it ends it."""

    file_name: str
    first: bytes
    others: AsyncGenerator[bytes, None]

    async def chunks(self) -> AsyncIterator[bytes]:
        """All of its bytes."""
        yield self.first
        async for chunk in self.others:
            yield chunk

    async def end(self) -> None:
        """Make room for other exports."""
        await self.others.aclose()


class Exports:
    """Makes them; raises NotFound for a version that is not there, Unavailable if storage is away."""

    def __init__(self, storage: StorageClient, most_files: int = MOST_FILES) -> None:
        self._storage = storage
        self._most_files = most_files
        self._under_way: set[str] = set()  # whose
        self._line = CallLine("exports", _AT_ONCE, _WAITING)
        # One at a time: unpacking takes three times the memory of what it gives.
        self._unpacking = asyncio.Lock()

    async def size(self, site: OwnedSite, number: int) -> int:
        """How many bytes the files of a version have that visitors get: about those of its zip, or less."""
        public = (await self._storage.version(site.name, number)).public
        with reading_version(number):
            listed = decode_file_list(await self._storage.get_blob(public.sha256, public.size))
        return sum(file.size for file in listed.files)

    async def version(self, site: OwnedSite, number: int | None) -> Export:
        """The files of a version, by default the newest, as visitors get them. Raises Conflict if it can't be read."""
        number = number or await self._newest(site.name)
        return await _begun(f"{site.name}-v{number}.zip", self._version(site, number))

    async def history(self, site: OwnedSite, language: str) -> Export:
        """All versions with their records, each in a folder; what can't be read MISSING.txt names in this language."""
        newest = await self._newest(site.name)
        return await _begun(f"{site.name}-history.zip", self._history(site, newest, language))

    async def _newest(self, name: str) -> int:
        newest = (await self._storage.head(name)).latest
        if newest is None:
            raise NotFound(f"The site {name} has no version yet.", "Wait until it is made.")
        return newest

    async def _version(self, site: OwnedSite, number: int) -> AsyncGenerator[bytes, None]:
        async with self._room(site.user.id):
            manifest = await self._storage.version(site.name, number)
            made = ZipStream()
            async for piece in _packed(made, (await self._artifact(manifest)).public, "", manifest.created_at):
                yield piece
            made.end()
            yield made.take()

    async def _history(self, site: OwnedSite, newest: int, language: str) -> AsyncGenerator[bytes, None]:
        async with self._room(site.user.id):
            made, unreadable, too_many = ZipStream(), list[tuple[int, str]](), None
            for number in range(1, newest + 1):
                if made.files >= self._most_files:
                    too_many = number, newest
                    break
                try:
                    manifest = await self._storage.version(site.name, number)
                    async for piece in self._with_record(made, manifest):
                        yield piece
                except Unavailable:
                    raise
                except PageWrightError as error:
                    unreadable.append((number, error.detail))
            if unreadable or too_many:
                made.add(MISSING, missing_text(language, unreadable, too_many).encode(), site.row.created_at)
            made.end()
            yield made.take()

    async def _with_record(self, made: ZipStream, manifest: Manifest) -> AsyncGenerator[bytes, None]:
        """A version's folder; its `source` too where that is not what visitors get."""
        folder, at = f"version-{manifest.number:04}", manifest.created_at
        made.add(f"{folder}/record.json", manifest.model_dump_json(indent=2).encode(), at)
        for name, tree in _trees(await self._artifact(manifest)).items():
            async for piece in _packed(made, tree, f"{folder}/{name}/", at):
                yield piece

    async def _artifact(self, manifest: Manifest) -> Artifact:
        async with self._unpacking:
            with reading_version(manifest.number):
                data = await self._storage.get_blob(manifest.artifact.sha256, manifest.artifact.size)
                return await asyncio.to_thread(unpack, data)

    @asynccontextmanager
    async def _room(self, user: str) -> AsyncIterator[None]:
        """Around an export: one of each person, and so many that their memory is bounded; others wait for a moment."""
        if user in self._under_way:
            raise TooMany("An export of yours is on its way.", "Wait until it has arrived.")
        self._under_way.add(user)
        try:
            async with self._line.turn():
                yield
        finally:
            self._under_way.discard(user)


def _trees(artifact: Artifact) -> dict[str, Tree]:
    """What of a version is not there twice."""
    public = {"public": artifact.public}
    return public if artifact.source == artifact.public else public | {"source": artifact.source}


async def _begun(file_name: str, chunks: AsyncGenerator[bytes, None]) -> Export:
    """The export, once its first bytes are there: what can't be exported is told instead of sending half a file."""
    return Export(file_name, await anext(chunks), chunks)


async def _packed(made: ZipStream, tree: Tree, folder: str, at: datetime) -> AsyncIterator[bytes]:
    """Add a tree's files in the order of their paths; gives what is written, some files at a time."""
    paths = iter(sorted(tree))

    def add_some() -> bool:
        for path in paths:
            made.add(f"{folder}{path}", tree[path], at)
            if made.waiting >= _PIECE:
                return True
        return False

    while await asyncio.to_thread(add_some):
        yield made.take()
    yield made.take()
