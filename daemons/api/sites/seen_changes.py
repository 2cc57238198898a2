"""Reads what versions changed for a person who looks at the pages, as their workers have kept it."""

from collections import OrderedDict

from anyio import to_thread
from pydantic import ValidationError

from shared.clients.storage import StorageClient
from shared.domain.change_sentences import sentence
from shared.domain.errors import PageWrightError, Unavailable
from shared.domain.manifest import Blob, Manifest
from shared.domain.scope import Scope
from shared.domain.visible_changes import VisibleChange, VisibleChanges
from shared.domain.vocabulary import Record, VersionNumber

_LARGEST = 8 << 20
_MOST_BYTES_KEPT = 32 << 20


class WordedChange(VisibleChange):
    """One change, and the sentence that says it."""

    sentence: str


class VersionChanges(Record):
    """What version `number` changed for a person who looks at its pages, against its parent `against`.

    `changes` are the first 500 of `total`; both are null if nobody compared the two versions, as for version 1 and for
    versions of older releases. The pages that are `unread`, the first 20 of `unread_count`, could not be compared.
    """

    number: VersionNumber
    against: VersionNumber | None
    changes: tuple[WordedChange, ...] | None
    total: int | None
    unread: tuple[str, ...] = ()
    unread_count: int = 0
    scope: Scope | None = None
    unasked_files: tuple[str, ...] = ()


class SeenChanges:
    """The changes of the versions that were looked at last; a version's never change."""

    def __init__(self, storage: StorageClient) -> None:
        self._storage = storage
        self._kept: OrderedDict[str, tuple[int, VisibleChanges | None]] = OrderedDict()  # by the blob's digest
        self._room = _MOST_BYTES_KEPT

    async def of(self, manifest: Manifest) -> VisibleChanges | None:
        """What this version changed; None if nobody compared it, or nobody can read what was kept."""
        blob = manifest.visible_changes
        if blob is None or blob.size > _LARGEST:
            return None
        if blob.sha256 not in self._kept:
            try:
                data = await self._storage.get_blob(blob.sha256, blob.size)
            except Unavailable:
                raise
            except PageWrightError:
                return None
            self._keep(blob, await to_thread.run_sync(_changes_in, data))
        self._kept.move_to_end(blob.sha256)
        return self._kept[blob.sha256][1]

    def _keep(self, blob: Blob, changes: VisibleChanges | None) -> None:
        if blob.sha256 not in self._kept:
            self._room -= blob.size
        self._kept[blob.sha256] = (blob.size, changes)
        while self._room < 0:
            self._room += self._kept.popitem(last=False)[1][0]


def version_changes(manifest: Manifest, seen: VisibleChanges | None) -> VersionChanges:
    """What a version changed, each change with its sentence."""
    if seen is None:
        return VersionChanges(number=manifest.number, against=manifest.parent, changes=None, total=None)
    return VersionChanges(
        number=manifest.number,
        against=manifest.parent,
        changes=tuple(WordedChange(**dict(change), sentence=sentence(change)) for change in seen.changes),
        total=seen.total,
        unread=seen.unread,
        unread_count=seen.unread_count,
        scope=seen.scope,
        unasked_files=seen.unasked_files,
    )


def _changes_in(data: bytes) -> VisibleChanges | None:
    """What these bytes say; None if a newer release wrote them otherwise."""
    try:
        return VisibleChanges.model_validate_json(data)
    except ValidationError:
        return None
