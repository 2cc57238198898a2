"""Writes files below an open folder so that no symlink is followed, and swaps names; the web server can read them."""

import ctypes
import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shared.domain.served_release import ServedFile

_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_RENAME_EXCHANGE = 2
_CANT_EXCHANGE = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)
_libc = ctypes.CDLL(None, use_errno=True)


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    """The folder's file descriptor; a symlink in its place is refused."""
    descriptor = os.open(folder, _FOLDER_FLAGS)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def make_folder(path: str, parent: int) -> None:
    """A folder that the web server can read; raises FileExistsError."""
    os.mkdir(path, dir_fd=parent)
    os.chmod(path, 0o755, dir_fd=parent)  # noqa: S103  # whatever the umask: the web server is another user


def write_files(files: Iterable[ServedFile], folder: int) -> None:
    """Write into a fresh folder of ours: nothing in it is a symlink, because nothing makes one."""
    made: set[str] = set()
    for file in files:
        for parent in _missing_parents(file.path, made):
            make_folder(parent, folder)
        _write_file(file, folder)


def _missing_parents(path: str, made: set[str]) -> Iterator[str]:
    position = path.find("/")
    while position >= 0:
        parent = path[:position]
        if parent not in made:
            made.add(parent)
            yield parent
        position = path.find("/", position + 1)


def _write_file(file: ServedFile, folder: int) -> None:
    descriptor = os.open(file.path, _NEW_FILE_FLAGS, 0o644, dir_fd=folder)
    try:
        os.fchmod(descriptor, 0o644)
        remaining = memoryview(file.data)
        while remaining:
            remaining = remaining[os.write(descriptor, remaining) :]
        os.utime(descriptor, (file.changed_at, file.changed_at))
    finally:
        os.close(descriptor)


def check_files(files: Iterable[ServedFile], folder: int) -> None:
    """Read the written files back, from the disk as far as the kernel drops its cached pages.

    Raises OSError unless each file has its bytes and the web server can open it.
    """
    for file in files:
        descriptor = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
        with os.fdopen(descriptor, "rb") as written:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            if written.read() != file.data:
                raise OSError(errno.EIO, "it does not give back what was written", file.path)
            if os.fstat(descriptor).st_mode & 0o444 != 0o444:
                raise OSError(errno.EACCES, "the web server can't read what was written", file.path)


def exchange(one: str, one_folder: int, other: str, other_folder: int) -> None:
    """Swap two names atomically; a file system that can't gets three renames, whose steps nginx may see."""
    if not _libc.renameat2(one_folder, os.fsencode(one), other_folder, os.fsencode(other), _RENAME_EXCHANGE):
        return
    number = ctypes.get_errno()
    if number not in _CANT_EXCHANGE:
        raise OSError(number, os.strerror(number))
    aside = f"{one}-aside"
    os.rename(other, aside, src_dir_fd=other_folder, dst_dir_fd=one_folder)
    os.rename(one, other, src_dir_fd=one_folder, dst_dir_fd=other_folder)
    os.rename(aside, one, src_dir_fd=one_folder, dst_dir_fd=one_folder)


def sync_file_system(descriptor: int) -> None:
    """One flush for a whole release: an fsync for each file costs a millisecond each."""
    if _libc.syncfs(descriptor):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def read_file(name: str, folder: int) -> bytes:
    """A file in a folder; a symlink in its place is refused."""
    with os.fdopen(os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder), "rb") as file:
        return file.read()


def replace_file(name: str, data: bytes, mode: int, folder: int) -> None:
    """A durable file in a folder: readers see the one before or this one, whole."""
    beside = f".{name}"
    with suppress(FileNotFoundError):
        os.unlink(beside, dir_fd=folder)
    with os.fdopen(os.open(beside, _NEW_FILE_FLAGS, mode, dir_fd=folder), "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.rename(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
    os.fsync(folder)
