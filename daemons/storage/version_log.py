"""A site's versions: which manifest may become the next one, and where the versions and their jobs are kept.

The index job → number lags one version behind: storage writes a version's entry just before the *next* version, and
reads the job of the newest version from its manifest. So no crash can leave index and versions at odds.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from daemons.storage.append_only_log import AppendOnlyLog, page
from daemons.storage.checksummed_file import checksummed, damaged, read_record
from daemons.storage.durable import create_file, make_directory
from shared.domain.errors import Conflict, NotFound
from shared.domain.manifest import Manifest, Screenshot
from shared.domain.vocabulary import JobId, Record, VersionNumber


@dataclass(frozen=True)
class Newest:
    """What commits need to know of the newest version."""

    number: int = 0
    stamp: int = 0
    job: str = ""
    made_at: datetime | None = None
    pictures: tuple[Screenshot, ...] = ()

    @classmethod
    def of(cls, number: int, manifest: Manifest) -> Self:
        """What to remember of the version with this number, which is that of its file."""
        return cls(number, manifest.stamp, manifest.job, manifest.created_at, manifest.pictures)


class JobEntry(Record):
    """Which version a job made."""

    job: JobId
    number: VersionNumber


class VersionLog:
    """The versions of one site; one thread appends at a time, any may read."""

    def __init__(self, site_directory: Path, incoming: Path) -> None:
        self.log = AppendOnlyLog(site_directory / "versions", incoming)
        self._directory = site_directory
        self._incoming = incoming
        self.newest = self._read_newest()

    def _read_newest(self) -> Newest:
        number = self.log.latest()
        if not number:
            return Newest()
        return Newest.of(number, self.log.read_record(number, Manifest))

    def check_next(self, manifest: Manifest) -> None:
        """Raises Conflict unless this manifest's number, parent and stamp follow the newest version."""
        newest = self.newest
        if manifest.number != newest.number + 1:
            raise Conflict(f"The next version's number is {newest.number + 1}, not {manifest.number}.", _REBASE)
        if manifest.parent is not None and manifest.parent > newest.number:
            raise Conflict(f"The parent, version {manifest.parent}, does not exist.", _REBASE)
        if manifest.stamp <= newest.stamp:
            raise Conflict(f"The stamp must be above {newest.stamp}, and is {manifest.stamp}.", _REBASE)

    def append(self, manifest: Manifest, content: bytes) -> None:
        """Make a checked manifest the newest version, durably."""
        self._index_newest()
        self.log.append(manifest.number, content)
        self.newest = Newest.of(manifest.number, manifest)

    def _index_newest(self) -> None:
        if not self.newest.number:
            return
        entry = JobEntry(job=self.newest.job, number=self.newest.number)
        path = _entry_path(self._directory, entry.job)
        make_directory(path.parent)
        with suppress(FileExistsError):
            create_file(path, checksummed(entry.model_dump_json().encode()), self._incoming)

    def number_of_job(self, job: str) -> int | None:
        """The version that a job made, if it made one."""
        return self.newest.number if job == self.newest.job else indexed_number(self._directory, job)

    def of_job(self, job: str) -> bytes | None:
        """The exact bytes of the manifest that a job made, if it made one."""
        number = self.number_of_job(job)
        return None if number is None else self.read(number)

    def read(self, number: int) -> bytes:
        """A manifest's exact bytes; raises NotFound."""
        self.require(number)
        return self.log.read(number)

    def manifest(self, number: int) -> Manifest:
        """A version's manifest; raises NotFound."""
        self.require(number)
        return self.log.read_record(number, Manifest)

    def require(self, number: int) -> None:
        """Raises NotFound unless this version exists."""
        if not 1 <= number <= self.newest.number:
            raise NotFound(f"There is no version {number} of this site.", "List the versions that there are.")

    def page(self, before: int | None, limit: int) -> tuple[list[bytes], int | None]:
        """Manifests' bytes, newest first, and the next page's `before`."""
        numbers, following = page(self.newest.number, before, limit)
        return [self.log.read(number) for number in numbers], following


def indexed_number(site_directory: Path, job: str) -> int | None:
    """The version under which the index has a job."""
    path = _entry_path(site_directory, job)
    try:
        entry = read_record(path, JobEntry)
    except FileNotFoundError:
        return None
    if entry.job != job:
        raise damaged(path, "it is the entry of another job")
    return entry.number


def _entry_path(site_directory: Path, job: str) -> Path:
    """Where a job's entry is. The folder is looked into by name only, so it needs no fan-out."""
    return site_directory / "jobs" / job


_REBASE = "Read the site again and commit on top of its newest version."
