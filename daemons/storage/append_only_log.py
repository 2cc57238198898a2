"""An append-only series of checksummed files, numbered from 1 without gaps.

The number alone gives a file's path, `<number // 1000>/<number>`, so a page of the series is arithmetic: it opens the
files on it and lists nothing, however long the series is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daemons.storage.checksummed_file import R, checksummed, damaged, read_checksummed, read_record
from daemons.storage.durable import create_file, make_directory

_FOLDER_SIZE = 1000


class AppendOnlyLog:
    """The series in one directory, which need not exist before the first entry; one thread appends at a time."""

    def __init__(self, directory: Path, incoming: Path) -> None:
        self._directory = directory
        self._incoming = incoming

    def path(self, number: int) -> Path:
        return self._directory / f"{number // _FOLDER_SIZE:06d}" / str(number)

    def latest(self) -> int:
        """The highest number, 0 if there is none; lists only the newest folder that is not empty."""
        for folder in sorted(_numbers(self._directory), reverse=True):
            newest = max(_numbers(self._directory / f"{folder:06d}"), default=0)
            if newest:
                return newest
        return 0

    def read(self, number: int) -> bytes:
        """The content of an entry up to `latest()`, where a missing file is a damaged series."""
        with self._present(number) as path:
            return read_checksummed(path)

    def read_record(self, number: int, record_type: type[R]) -> R:
        """The record that an entry up to `latest()` holds."""
        with self._present(number) as path:
            return read_record(path, record_type)

    @contextmanager
    def _present(self, number: int) -> Iterator[Path]:
        path = self.path(number)
        try:
            yield path
        except FileNotFoundError:
            raise damaged(path, "it is missing") from None

    def append(self, number: int, content: bytes) -> None:
        """Add the entry after the latest, durably; raises FileExistsError rather than change one."""
        target = self.path(number)
        make_directory(self._directory)
        make_directory(target.parent)
        create_file(target, checksummed(content), self._incoming)


def page(latest: int, before: int | None, limit: int) -> tuple[range, int | None]:
    """The numbers of one page, newest first, and the `before` of the page after it (None: that was the last)."""
    newest = latest if before is None else min(before - 1, latest)
    oldest = max(newest - limit + 1, 1)
    return range(newest, oldest - 1, -1), oldest if oldest > 1 and newest >= oldest else None


def _numbers(directory: Path) -> Iterator[int]:
    try:
        yield from (int(entry.name) for entry in directory.iterdir() if entry.name.isdigit())
    except FileNotFoundError:
        return
