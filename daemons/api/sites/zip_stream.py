"""Writes a zip piece by piece: what was written is given away at once, and only the list of its files is kept."""

import zipfile
from datetime import UTC, datetime

# Mostly pictures, which hardly shrink, and text, which shrinks well on any level: the fastest.
_LEVEL = 1
_FILE = 0o100644 << 16
_FIRST_YEAR = 1980  # a zip knows none before


class ZipStream:
    """A zip in the making; the same files in the same order give the same bytes."""

    def __init__(self) -> None:
        self._written = _Written()
        self._zip = zipfile.ZipFile(self._written, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        self.files = 0

    def add(self, path: str, data: bytes, at: datetime) -> None:
        """A file that was last changed at a moment; blocks while it is compressed."""
        moment = at.astimezone(UTC)
        info = zipfile.ZipInfo(path, (max(moment.year, _FIRST_YEAR), *moment.timetuple()[1:6]))
        info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _FILE, 3
        self._zip.writestr(info, data, compresslevel=_LEVEL)
        self.files += 1

    def end(self) -> None:
        """Write the list of files, with which a zip ends."""
        self._zip.close()

    @property
    def waiting(self) -> int:
        """How many bytes nobody has taken yet."""
        return self._written.size

    def take(self) -> bytes:
        """The bytes that were written since they were taken last."""
        return self._written.take()


class _Written:
    """A file that can be written only: it has no position, so the zip tells sizes behind each file."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """What was written can be taken still."""

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts, self.size = [], 0
        return taken
