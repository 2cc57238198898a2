"""A site's directory on the web host: releases that are whole or absent, and symlinks that switch atomically.

<root>/<site>/releases/<n>/     one version's files; appears by rename, so if it exists it is complete
<root>/<site>/current, preview  symlinks to releases/<n>; replaced by rename, so they always show one version
<root>/<site>/before            symlink to the release that `current` showed last, for a day: open pages load from it
<root>/<site>/*.json            what the deployer keeps of a site and reports of it, see memory.py and problem_report.py
<root>/<site>/.*                work of this process; after a crash it is swept
"""

import errno
import os
import re
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from daemons.deployer.file_writing import (
    check_files,
    exchange,
    make_folder,
    opened,
    read_file,
    replace_file,
    sync_file_system,
    write_files,
)
from daemons.deployer.plan import OnDisk
from shared.domain.served_release import ServedFile
from shared.domain.vocabulary import Slot

_NUMBER = re.compile(r"[1-9][0-9]{0,15}")
_TARGET = re.compile(rf"releases/({_NUMBER.pattern})")
_BEFORE = "before"
_BEFORE_SECONDS = 24 * 3600


class SiteDirectory:
    """One site's directory; one caller at a time. Every method may raise OSError."""

    def __init__(self, root: Path, site: str) -> None:
        self._path = root / site
        self._releases = self._path / "releases"

    def read(self) -> OnDisk:
        """What is there; nothing for a site never deployed. Refuses a symlink, which leads to other files."""
        if self._path.is_symlink():
            raise NotADirectoryError(errno.ENOTDIR, "A symlink is where a site's directory should be", self._path)
        return OnDisk(
            releases=frozenset(int(name) for name in _names(self._releases) if _NUMBER.fullmatch(name)),
            slots={slot: version for slot in Slot if (version := self._shown(slot))},
            leftovers=frozenset(name for name in _names(self._path) if name.startswith(".")),
            before=self._shown(_BEFORE),
            is_before_outdated=self._is_before_outdated(),
            is_public=os.path.lexists(self._path / Slot.CURRENT),
        )

    def release_folder(self, version: int) -> Path:
        """Where a version's files are, if it is released."""
        return self._releases / str(version)

    def _shown(self, link: str) -> int | None:
        try:
            target = _TARGET.fullmatch(os.fspath((self._path / link).readlink()))
        except OSError:
            return None
        return int(target[1]) if target else None

    def _is_before_outdated(self) -> bool:
        try:
            # A link from the future was made before the clock was put right.
            return abs(time.time() - (self._path / _BEFORE).lstat().st_mtime) > _BEFORE_SECONDS
        except OSError:
            return False

    def release(self, version: int, files: Sequence[ServedFile]) -> None:
        """Write the files beside, make them durable, read them back, and let them appear as one release."""
        staging = self._write_beside(version, files)
        with opened(self._path) as site, opened(self._releases) as releases:
            os.rename(staging, str(version), src_dir_fd=site, dst_dir_fd=releases)
            os.fsync(releases)
            os.fsync(site)

    def renew(self, version: int, files: Sequence[ServedFile]) -> None:
        """Replace a release with a newly written one; readers see the whole old or the whole new one."""
        staging = self._write_beside(version, files)
        with opened(self._path) as site, opened(self._releases) as releases:
            exchange(staging, site, str(version), releases)
            os.fsync(releases)
            os.fsync(site)
        with suppress(OSError):  # the new one is in place; what is left of the old one is swept later
            self.sweep(staging)

    def _write_beside(self, version: int, files: Sequence[ServedFile]) -> str:
        self._make()
        staging = f".incoming-{version}"
        with opened(self._path) as site:
            make_folder(staging, site)
        try:
            with opened(self._path / staging) as folder:
                write_files(files, folder)
                sync_file_system(folder)
                check_files(files, folder)
        except OSError:
            with suppress(OSError):
                self.sweep(staging)  # the report of a full disk needs space
            raise
        return staging

    def _make(self) -> None:
        with opened(self._path.parent) as root, suppress(FileExistsError):
            make_folder(self._path.name, root)
            os.fsync(root)
        with opened(self._path) as site, suppress(FileExistsError):
            make_folder("releases", site)
            os.fsync(site)

    def switch(self, slot: Slot, version: int) -> None:
        """Point the slot at a release that exists; visitors see the old one or the new one, never nothing."""
        with opened(self._path) as site:
            self._link(site, slot, version)
            os.fsync(site)

    def keep_before(self, version: int) -> None:
        """Let open pages go on loading from this release, which `current` is about to leave.

        The switch that follows makes this link durable with its own: they are in one directory.
        """
        with opened(self._path) as site:
            self._link(site, _BEFORE, version)

    def forget_before(self) -> None:
        """Stop serving the previous release to open pages."""
        (self._path / _BEFORE).unlink()

    def take_down(self) -> None:
        """Remove `current`, whatever it is, at one stroke: visitors see all of it or nothing."""
        beside = f".{Slot.CURRENT}-gone"
        with opened(self._path) as site:
            os.rename(Slot.CURRENT, beside, src_dir_fd=site, dst_dir_fd=site)
            os.fsync(site)
        self.sweep(beside)

    def _link(self, site: int, name: str, version: int) -> None:
        """Make this name a symlink to a release, and delete a foreign folder that has the name."""
        beside = f".{name}-next"
        os.symlink(f"releases/{version}", beside, dir_fd=site)
        try:
            os.rename(beside, name, src_dir_fd=site, dst_dir_fd=site)
        except IsADirectoryError:
            exchange(beside, site, name, site)
            os.fsync(site)
            self.sweep(beside)

    def read_file(self, name: str) -> bytes | None:
        """A file beside the releases; None if there is none to read."""
        with suppress(OSError), opened(self._path) as site:
            return read_file(name, site)
        return None

    def write_file(self, name: str, data: bytes, mode: int) -> None:
        """Write a file beside the releases, whole and durably."""
        self._make()
        with opened(self._path) as site:
            replace_file(name, data, mode, site)

    def remove_file(self, name: str) -> None:
        """Remove a file beside the releases, if it is there."""
        (self._path / name).unlink(missing_ok=True)

    def remove(self, version: int) -> None:
        """Delete a release: first it is no release any more, then its files go."""
        outgoing = f".outgoing-{version}"
        (self._releases / str(version)).rename(self._path / outgoing)
        self.sweep(outgoing)

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
