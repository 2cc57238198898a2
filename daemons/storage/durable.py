"""Writes that survive a power cut: the bytes, then the name, then the directory, each flushed in turn.

Everything is first written under `incoming/`, in the same file system, and gets its real name in one step. What a
crash leaves there was never acknowledged, and is swept at the next start.
"""

import ctypes
import os
import tempfile
from pathlib import Path

from shared.runtime.directory_sync import sync_directory


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte; os.write alone may stop early on a nearly full disk."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def make_directory(directory: Path) -> None:
    """A durable directory; its parent exists. Does nothing if it is there."""
    try:
        directory.mkdir()
    except FileExistsError:
        return
    sync_directory(directory.parent)


def create_file(target: Path, data: bytes, incoming: Path) -> None:
    """A new durable file with these bytes; raises FileExistsError, and never touches a file that is there."""
    temporary = _write_temporary(data, incoming)
    try:
        os.link(temporary, target)
        sync_directory(target.parent)
    finally:
        temporary.unlink()


def replace_file(target: Path, data: bytes, incoming: Path) -> None:
    """A durable file with these bytes in place of an older one: readers see either, whole."""
    temporary = _write_temporary(data, incoming)
    try:
        rename(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def rename(temporary: Path, target: Path) -> None:
    """Give a file whose bytes are durable its real name, durably."""
    temporary.replace(target)
    sync_directory(target.parent)


def _write_temporary(data: bytes, incoming: Path) -> Path:
    descriptor, name = tempfile.mkstemp(dir=incoming)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
    except OSError:
        Path(name).unlink()
        raise
    finally:
        os.close(descriptor)
    return Path(name)


def sweep(incoming: Path) -> None:
    """Remove what a crash left unfinished."""
    for leftover in incoming.iterdir():
        leftover.unlink()


def sync_file_system(directory: Path) -> None:
    """Flush what a killed process may have left unflushed, before this one reads it and passes it on."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if libc.syncfs(descriptor):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), os.fspath(directory))
    finally:
        os.close(descriptor)
