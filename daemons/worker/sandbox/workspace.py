"""Inside the sandbox: a parcel becomes files, and files become a parcel. Standard library only.

Collecting never follows a link and never blocks: it holds a descriptor of each folder on the way down and opens
names relative to it. Nothing here is trusted outside; it only spares an honest run from a worse message.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from daemons.worker.sandbox import wire

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_DEEPEST = 64


class Refused(Exception):
    """Something in the workspace can't come out: `why` is a word that session.py has a sentence for."""

    def __init__(self, why: str, path: str = "") -> None:
        super().__init__(why, path)
        self.why = why
        self.path = path


@dataclass(frozen=True)
class Allowance:
    """How many files may come out, how large together and each."""

    files: int
    total_bytes: int
    file_bytes: int


def place(parcel: int, root: str) -> None:
    """Write a parcel's files below `root`, where there may be other files but none of the same name."""
    entries, offset = wire.read_list(parcel)
    for path, size in entries:
        if any(part in ("", ".", "..") for part in path.split("/")):
            raise wire.BadParcel("a path leaves its folder")
        target = f"{root}/{path}"
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        fd = os.open(target, _NEW, 0o644)
        try:
            wire.copy_bytes(parcel, fd, size, offset)
        finally:
            os.close(fd)
        offset += size


def collect(root: str, parcel: int, allowance: Allowance) -> None:
    """Write the plain files below `root` as a parcel into the empty memory file. Raises Refused, OSError, BadParcel.

    Folders without files vanish.
    """
    files = sorted(_measure(root, allowance))
    wire.write_all(parcel, wire.parcel_list(files))
    root_fd = os.open(root, _FOLDER)
    try:
        for path, size in files:
            _append(root_fd, path, size, parcel)
    finally:
        os.close(root_fd)


def _measure(root: str, allowance: Allowance) -> Iterator[tuple[str, int]]:
    count = total = 0
    for path, size in _walk(root, 2 * allowance.files + 1000):
        count, total = count + 1, total + size
        if size > allowance.file_bytes:
            raise Refused("large", path)
        if count > allowance.files:
            raise Refused("many")
        if total > allowance.total_bytes:
            raise Refused("heavy")
        yield path, size


def _walk(root: str, most_entries: int) -> Iterator[tuple[str, int]]:
    """Every plain file below `root` with its size, depth first and without recursion."""
    seen = 0
    stack = [(os.open(root, _FOLDER), "")]
    try:
        while stack:
            folder, prefix = stack.pop()
            try:
                with os.scandir(folder) as entries:
                    names = [entry.name for _, entry in zip(range(most_entries + 1 - seen), entries, strict=False)]
                seen += len(names)
                if seen > most_entries:
                    raise Refused("many")
                for name in names:
                    path = prefix + name
                    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
                    if stat.S_ISDIR(status.st_mode):
                        stack.append((_open_folder(folder, name, path), path + "/"))
                    else:
                        yield path, _plain_size(status, path)
            finally:
                os.close(folder)
    finally:
        for folder, _ in stack:
            os.close(folder)


def _open_folder(parent: int, name: str, path: str) -> int:
    if path.count("/") >= _DEEPEST:
        raise Refused("deep", path[:200])
    try:
        return os.open(name, _FOLDER, dir_fd=parent)
    except OSError:
        raise Refused("unreadable", path) from None


def _plain_size(status: os.stat_result, path: str) -> int:
    if stat.S_ISLNK(status.st_mode):
        raise Refused("link", path)
    if not stat.S_ISREG(status.st_mode):
        raise Refused("special", path)
    if status.st_nlink != 1:
        raise Refused("hardlink", path)
    return status.st_size


def _append(root: int, path: str, size: int, parcel: int) -> None:
    *folders, name = path.split("/")
    opened = [root]
    try:
        opened.extend(())
        for folder in folders:
            opened.append(os.open(folder, _FOLDER, dir_fd=opened[-1]))
        opened.append(os.open(name, _FILE, dir_fd=opened[-1]))
        _plain_size(os.fstat(opened[-1]), path)
        wire.copy_bytes(opened[-1], parcel, size)
    except OSError:
        raise Refused("unreadable", path) from None
    finally:
        for fd in opened[1:]:
            os.close(fd)
