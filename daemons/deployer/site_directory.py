"""A site's directory on the web host: releases that are whole or absent, and symlinks that switch atomically.

<root>/<site>/releases/<n>/     one version's files; appears by rename, so if it exists it is complete
<root>/<site>/current, preview  symlinks to releases/<n>; replaced by rename, so they always show one version
<root>/<site>/.*                work of this process; after a crash it is swept
"""

import ctypes
import errno
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from daemons.deployer.plan import OnDisk
from shared.served_release import ServedFile
from shared.vocabulary import Slot

_NUMBER = re.compile(r"[1-9][0-9]{0,15}")
_TARGET = re.compile(rf"releases/({_NUMBER.pattern})")
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_libc = ctypes.CDLL(None, use_errno=True)


class SiteDirectory:
    """One site's directory; one caller at a time. Every method may raise OSError."""

    def __init__(self, root: Path, site: str) -> None:
        self._path = root / site
        self._releases = self._path / "releases"

    def read(self) -> OnDisk:
        """What is there; a site never deployed has nothing. A symlink leads to somebody else's files: it is refused."""
        if self._path.is_symlink():
            raise NotADirectoryError(errno.ENOTDIR, "A symlink is where a site's directory should be", self._path)
        return OnDisk(
            releases=frozenset(int(name) for name in _names(self._releases) if _NUMBER.fullmatch(name)),
            slots={slot: version for slot in Slot if (version := self._shown(slot))},
            leftovers=frozenset(name for name in _names(self._path) if name.startswith(".")),
        )

    def _shown(self, slot: Slot) -> int | None:
        try:
            target = _TARGET.fullmatch(os.fspath((self._path / slot).readlink()))
        except OSError:
            return None
        return int(target[1]) if target else None

    def release(self, version: int, files: Iterable[ServedFile]) -> None:
        """Write the files beside, make them durable, and let them appear as one release."""
        self._make()
        staging = f".incoming-{version}"
        with _opened(self._path) as site:
            _make_folder(staging, site)
            with _opened(self._path / staging) as folder:
                _write_files(files, folder)
                _syncfs(folder)
            with _opened(self._releases) as releases:
                os.rename(staging, str(version), src_dir_fd=site, dst_dir_fd=releases)
                os.fsync(releases)
            os.fsync(site)

    def _make(self) -> None:
        with _opened(self._path.parent) as root, suppress(FileExistsError):
            _make_folder(self._path.name, root)
            os.fsync(root)
        with _opened(self._path) as site, suppress(FileExistsError):
            _make_folder("releases", site)
            os.fsync(site)

    def switch(self, slot: Slot, version: int) -> None:
        """Point the slot at a release that exists; visitors see the old one or the new one, never nothing."""
        beside = f".{slot}-next"
        with _opened(self._path) as site:
            os.symlink(f"releases/{version}", beside, dir_fd=site)
            os.rename(beside, slot, src_dir_fd=site, dst_dir_fd=site)
            os.fsync(site)

    def remove(self, version: int) -> None:
        """Delete a release: first it is no release any more, then its files go."""
        outgoing = self._path / f".outgoing-{version}"
        (self._releases / str(version)).rename(outgoing)
        shutil.rmtree(outgoing)

    def sweep(self, leftover: str) -> None:
        """Delete what an interrupted run left behind."""
        path = self._path / leftover
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def site_names(root: Path) -> set[str]:
    """The sites that have ever been deployed here, as far as that can be read."""
    with suppress(OSError):
        return {name for name in _names(root) if os.path.isdir(root / name / "releases")}  # noqa: PTH112
    return set()


def _names(folder: Path) -> list[str]:
    with suppress(FileNotFoundError):
        return [entry.name for entry in folder.iterdir()]
    return []


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """The folder's file descriptor; a symlink in its place is refused."""
    descriptor = os.open(folder, _FOLDER_FLAGS)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _make_folder(path: str, parent: int) -> None:
    os.mkdir(path, dir_fd=parent)
    os.chmod(path, 0o755, dir_fd=parent)  # noqa: S103  # whatever the umask: the web server is another user


def _write_files(files: Iterable[ServedFile], folder: int) -> None:
    """Write into a fresh folder of ours: nothing in it is a symlink, because nothing makes one."""
    made: set[str] = set()
    for file in files:
        for parent in _missing_parents(file.path, made):
            _make_folder(parent, folder)
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


def _syncfs(descriptor: int) -> None:
    """One flush for a whole release: an fsync for each file costs a millisecond each."""
    if _libc.syncfs(descriptor):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
