"""The index of a backup: a line with size and name for each file, then the SHA-256 of all preceding lines.

It reveals a copy that lost files on its way to another machine; `verify` proves the bytes.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from shared.domain.errors import InvalidInput

_NAME = "index"
_SUM = "sha256"


class IndexWriter:
    """Writes the index while the backup is made; leaving its context adds the last line."""

    def __init__(self, backup: Path) -> None:
        self._backup = backup
        self._sum = hashlib.sha256()
        self._file = (backup / _NAME).open("xb")

    def __enter__(self) -> "IndexWriter":
        return self

    def add(self, name: Path) -> None:
        """A file that the backup has now, by its path below the backup."""
        self._write(f"{(self._backup / name).stat().st_size} {name}\n".encode())

    def _write(self, line: bytes) -> None:
        self._sum.update(line)
        self._file.write(line)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if kind is None:
                self._file.write(f"{_SUM} {self._sum.hexdigest()}\n".encode())


def indexed_files(backup: Path) -> Iterator[tuple[Path, int]]:
    """Name and size of every file; raises InvalidInput at its end unless the index is whole, OSError without one."""
    total = hashlib.sha256()
    with (backup / _NAME).open("rb") as file:
        for line in file:
            first, _, rest = line.decode(errors="replace").removesuffix("\n").partition(" ")
            if first == _SUM and rest == total.hexdigest() and not file.read(1):
                return
            total.update(line)
            if not first.isdecimal() or not line.endswith(b"\n"):
                break
            yield Path(rest), int(first)
    raise InvalidInput(f"The index of {backup} is damaged.", "Take another backup.")
