"""Blobs: bytes named by their sha256, received while hashing and made durable before the answer."""

import asyncio
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from pathlib import Path

from anyio import to_thread

from daemons.storage.durable import rename, write_all
from shared.domain.archive import MOST_ARTIFACT_BYTES
from shared.domain.errors import InvalidInput, NotFound, PageWrightError
from shared.domain.manifest import Blob

BLOB_LIMIT = MOST_ARTIFACT_BYTES  # no other blob is larger
RESERVED_BYTES = 64 << 20  # what blobs leave free, so that claims and rollbacks work on a full disk
_PIECE = 1 << 20


class Blobs:
    """The directory of blobs, spread over 256 folders by the first two digits. The caller makes them durable."""

    def __init__(self, directory: Path, incoming: Path, reserved: int = RESERVED_BYTES) -> None:
        self._directory = directory
        self._incoming = incoming
        self._reserved = reserved
        self._unsettled: set[str] = set()
        directory.mkdir(exist_ok=True)
        for prefix in range(256):
            (directory / f"{prefix:02x}").mkdir(exist_ok=True)

    def path(self, sha256: str) -> Path:
        return blob_path(self._directory, sha256)

    def size(self, sha256: str) -> int | None:
        """The size in bytes, None if the blob is not here or its name is not durable yet."""
        try:
            size = self.path(sha256).stat().st_size
        except FileNotFoundError:
            return None
        return None if sha256 in self._unsettled else size

    def find(self, sha256: str) -> tuple[Path, os.stat_result]:
        """A blob's file and its status; raises NotFound."""
        if self.size(sha256) is None:
            raise NotFound("This blob is not stored.")
        return self.path(sha256), self.path(sha256).stat()

    def read(self, blob: Blob) -> bytes:
        """A small blob's bytes; raises NotFound, or PageWrightError if they are not the bytes that it names."""
        data = self.find(blob.sha256)[0].read_bytes()
        if hashlib.sha256(data).hexdigest() != blob.sha256:
            raise PageWrightError("A stored file is damaged.", "Try again, then tell an operator.")
        return data

    async def receive(self, sha256: str, size: int | None, chunks: AsyncIterator[bytes]) -> tuple[Blob, bool]:
        """Store the bytes under their digest; True if they were new. `size` is what the sender promises, if it does.

        Raises InvalidInput if the bytes have another digest, OSError if the disk is full or fails. A stored blob
        of another size is damaged: the good bytes replace it.
        """
        known = await to_thread.run_sync(self._size_or_space, sha256, size or 0)
        with ExitStack() as cleanup:
            is_here = known is not None and known == size
            upload = _Hashing() if is_here else _Upload(self._incoming, self._check_space, cleanup)
            await _write_while_receiving(upload, chunks)
            if upload.hash.hexdigest() != sha256:
                raise InvalidInput("The bytes have another sha256 than the address says.", "Send them again.")
            if isinstance(upload, _Upload):
                await to_thread.run_sync(self._publish, upload, sha256)
            return Blob(sha256=sha256, size=upload.size), known != upload.size

    def _size_or_space(self, sha256: str, promised: int) -> int | None:
        """The size of a blob that is here; None if it is not, and there is space for it. Raises OSError."""
        known = self.size(sha256)
        if known is None:
            self._check_space(promised)
        return known

    def _check_space(self, size: int) -> None:
        """Raises OSError if these bytes would use the reserve; asked for each piece, because others write too."""
        if shutil.disk_usage(self._incoming).free < self._reserved + size:
            raise OSError(errno.ENOSPC, "too little space is free for a blob", os.fspath(self._incoming))

    def _publish(self, upload: "_Upload", sha256: str) -> None:
        """Flush, then name. Hide the blob until its name is durable: a version could refer to it."""
        os.fsync(upload.descriptor)
        if self.size(sha256) is None:
            self._unsettled.add(sha256)
        rename(upload.path, self.path(sha256))
        self._unsettled.discard(sha256)


def blob_path(directory: Path, sha256: str) -> Path:
    """Where a blob is in the directory of blobs."""
    return directory / sha256[:2] / sha256


class _Hashing:
    """Hashes bytes that storage has already, and writes nothing."""

    def __init__(self) -> None:
        self.hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self.hash.update(data)
        self.size += len(data)


class _Upload(_Hashing):
    """New bytes, in a temporary file that goes away unless it is renamed."""

    def __init__(self, incoming: Path, check_space: Callable[[int], None], cleanup: ExitStack) -> None:
        super().__init__()
        self._check_space = check_space
        self.descriptor, name = tempfile.mkstemp(dir=incoming)
        self.path = Path(name)
        cleanup.callback(self.path.unlink, missing_ok=True)
        cleanup.callback(os.close, self.descriptor)

    def write(self, data: bytes) -> None:
        super().write(data)
        self._check_space(len(data))
        write_all(self.descriptor, data)


async def _write_while_receiving(upload: _Hashing, chunks: AsyncIterator[bytes]) -> None:
    """Hash and write one piece in a thread while the next one arrives."""
    writing: asyncio.Future[None] | None = None
    try:
        async for piece in _pieces(chunks):
            if writing:
                await writing
            writing = asyncio.ensure_future(to_thread.run_sync(upload.write, piece))
    finally:
        if writing:
            await writing


async def _pieces(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces large enough to be worth a thread."""
    piece = bytearray()
    async for chunk in chunks:
        piece += chunk
        if len(piece) >= _PIECE:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)
