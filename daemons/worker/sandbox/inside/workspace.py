"""Turns a payload into files inside the sandbox, and files into a payload. It has the standard library only.

Collecting never follows a link and never blocks: it opens each name relative to the descriptor of its folder. The
worker trusts none of this and checks the payload again; checking here gives an honest run the better message.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from daemons.worker.sandbox import protocol

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_DEEPEST = 64


class CollectRefused(Exception):
    """Something in the workspace can't be collected: `why` is a word for which run_result.py has a sentence."""

    def __init__(self, why: str, path: str = "") -> None:
        super().__init__(why, path)
        self.why = why
        self.path = path


@dataclass(frozen=True)
class CollectLimits:
    """How many files may be collected, and how large they may be each and together."""

    files: int
    total_bytes: int
    file_bytes: int


def place(payload: int, root: str) -> None:
    """Write a payload's files below `root`, where other files may lie, but none of the same name."""
    entries, offset = protocol.read_list(payload)
    for path, size in entries:
        protocol.check_inside(path)
        target = f"{root}/{path}"
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        fd = os.open(target, _NEW, 0o644)
        try:
            protocol.copy_bytes(payload, fd, size, offset)
        finally:
            os.close(fd)
        offset += size


def collect(root: str, folder: str, payload: int, allowance: CollectLimits) -> None:
    """Write the plain files of a folder below `root` ("": all of it) as a payload into the empty memory file.

    Skip folders without files, and take a missing folder for an empty one. Raises CollectRefused, BadPayload.
    """
    root_fd = os.open(root, _FOLDER)
    try:
        with _opened(root_fd, tuple(filter(None, folder.split("/"))), _FOLDER) as top:
            files = sorted(_measure(top, allowance))
            protocol.write_all(payload, protocol.payload_list(files))
            for path, size in files:
                _append(top, path, size, payload)
    except FileNotFoundError:
        protocol.write_all(payload, protocol.payload_list([]))
    finally:
        os.close(root_fd)


def _measure(root: int, allowance: CollectLimits) -> Iterator[tuple[str, int]]:
    count = total = 0
    for path, size in _walk(root, 2 * allowance.files + 1000):
        count, total = count + 1, total + size
        if size > allowance.file_bytes:
            raise CollectRefused("large", path)
        if count > allowance.files:
            raise CollectRefused("many")
        if total > allowance.total_bytes:
            raise CollectRefused("heavy")
        yield path, size


def _walk(root: int, most_entries: int) -> Iterator[tuple[str, int]]:
    """Every plain file below `root` with its size: depth first, without recursion, one folder open at a time."""
    seen = 0
    folders: list[tuple[str, ...]] = [()]
    while folders:
        parts = folders.pop()
        with _opened(root, parts, _FOLDER) as folder, os.scandir(folder) as entries:
            for entry in entries:
                seen += 1
                if seen > most_entries:
                    raise CollectRefused("many")
                path = "/".join((*parts, entry.name))
                status = os.stat(entry.name, dir_fd=folder, follow_symlinks=False)
                if not stat.S_ISDIR(status.st_mode):
                    yield path, _plain_size(status, path)
                elif len(parts) >= _DEEPEST:
                    raise CollectRefused("deep", path[:200])
                else:
                    folders.append((*parts, entry.name))


def _plain_size(status: os.stat_result, path: str) -> int:
    if stat.S_ISLNK(status.st_mode):
        raise CollectRefused("link", path)
    if not stat.S_ISREG(status.st_mode):
        raise CollectRefused("special", path)
    if status.st_nlink != 1:
        raise CollectRefused("hardlink", path)
    return status.st_size


def _append(root: int, path: str, size: int, payload: int) -> None:
    with _opened(root, tuple(path.split("/")), _FILE) as file:
        _plain_size(os.fstat(file), path)
        protocol.copy_bytes(file, payload, size)


@contextmanager
def _opened(root: int, parts: tuple[str, ...], flags: int) -> Iterator[int]:
    """The file or folder at `parts` below `root`, opened name by name without following a link."""
    fd = os.dup(root)
    try:
        for depth, name in enumerate(parts, 1):
            parent, fd = fd, _open_name(fd, name, flags if depth == len(parts) else _FOLDER, "/".join(parts))
            os.close(parent)
        yield fd
    finally:
        os.close(fd)


def _open_name(parent: int, name: str, flags: int, path: str) -> int:
    try:
        return os.open(name, flags, dir_fd=parent)
    except FileNotFoundError:
        raise
    except OSError:
        raise CollectRefused("unreadable", path) from None
