"""Finds releases that changed after they were written: cheaply by a mark, by names and sizes, or byte by byte."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from daemons.deployer.release_record import RECORD_FILES, read_record, read_written

# Size, time and inode of a release's folder and home page: they differ once either is emptied or replaced.
Mark = tuple[tuple[int, int, int] | None, ...]
_MARKED = ("", "index.html", "index.html.gz")


def mark_of(release: Path) -> Mark:
    """The present mark of a release; the cost does not depend on its number of files."""
    return tuple(_status(release / name) for name in _MARKED)


def _status(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


@dataclass(frozen=True)
class Fault:
    """Why a release has to be made anew; `is_damage` unless an older deployer or another version made it."""

    reason: str
    is_damage: bool = True


def find_fault(release: Path, manifest: str, *, deep: bool) -> Fault | None:
    """What is wrong with a release, which should come from the manifest with this digest; None if it is sound.

    Compares names and sizes with its record, and if `deep` each digest too. Raises OSError if it can't be read.
    """
    if release.is_symlink():
        return Fault("a symlink is in its place")
    record = read_record(release)
    if record is None:
        return Fault("it does not say what it was made from", is_damage=not any(release.iterdir()))
    if record.manifest != manifest:
        return Fault("it was made from another version of this number", is_damage=False)
    written = read_written(release, record)
    if written is None:
        return Fault("its list of files is damaged")
    sizes = dict(_sizes(release))
    differing = {path for path, size in sizes.items() if path not in written or written[path].size != size}
    differing |= written.keys() - sizes.keys()
    if not differing and deep:
        differing = {path for path, file in written.items() if _digest(release / path) != file.sha256}
    return Fault(f"{len(differing)} of its files are missing, changed or foreign") if differing else None


def _sizes(folder: Path, prefix: str = "") -> Iterator[tuple[str, int]]:
    """Path and size of every file; -1 for what nginx can't serve: links, devices, what others may not read."""
    with os.scandir(folder) as entries:
        for entry in entries:
            path = prefix + entry.name
            if path in RECORD_FILES:
                continue
            status = entry.stat(follow_symlinks=False)
            if entry.is_dir(follow_symlinks=False) and _opens(status.st_mode, 0o555):
                yield from _sizes(folder / entry.name, path + "/")
            else:
                is_served = entry.is_file(follow_symlinks=False) and _opens(status.st_mode, 0o444)
                yield path, status.st_size if is_served else -1


def _opens(mode: int, wanted: int) -> bool:
    """Whether the web server, another user, can open it."""
    return mode & wanted == wanted


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
