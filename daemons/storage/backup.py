"""Backs storage up while it works: `python -m daemons.storage.backup SOURCE TARGET --trusted-keys FILE`.

Makes `TARGET/YYYYMMDDTHHMMSSZ/`, a whole storage directory that `verify` and `restore` read. A file in storage, except
a site's `fence`, never changes, so the backup links each file that the previous backup has instead of copying it.
Exits 1 with a sentence if it can't be done, and then leaves earlier backups as they were. If it can't read a site or a
blob, it saves the others as `TARGET/YYYYMMDDTHHMMSSZ-incomplete/`, which counts as no backup, says what it left out,
and exits 1.
"""

import argparse
import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from daemons.storage.address_log import AddressLog
from daemons.storage.append_only_log import AppendOnlyLog
from daemons.storage.checksummed_file import read_record
from daemons.storage.durable import sync_file_system
from daemons.storage.file_index import IndexWriter
from daemons.storage.version_log import JobEntry
from shared.domain.errors import InvalidInput, NotFound, PageWrightError
from shared.runtime.backups import DISK_FULL, KEEP, complete_backups, keep_incomplete, next_backup, remove
from shared.runtime.command import carry_out

TRUSTED_KEYS = "trusted-keys"
_REPAIR = "Repair them, from the newest whole backup if need be, and back up again."
_log = logging.getLogger(__name__)


def back_up(source: Path, target: Path, trusted_keys: Path, keep: int) -> Path:
    """Make the next backup in the folder `target`; returns its path. Raises PageWrightError or OSError."""
    if not (source / "sites").is_dir() or not (source / "blobs").is_dir():
        raise NotFound(f"{source} is no directory of storage.", "It has the folders `sites` and `blobs`.")
    if target.resolve().is_relative_to(source.resolve()):
        raise InvalidInput(f"{target} is within {source}.", "Choose a folder outside, best on another disk.")
    earlier = complete_backups(target)[-1:] if target.is_dir() else []
    with next_backup(target, "", keep) as partial:
        left_out = _copy(source, partial, earlier[0] if earlier else None, trusted_keys)
        sync_file_system(partial)
        if left_out:
            kept = keep_incomplete(partial)
            raise PageWrightError(f"{kept} is not whole: {left_out} sites or blobs are left out, see above.", _REPAIR)
    return complete_backups(target)[-1]


def consistent_parts(source: Path) -> Iterator[tuple[Path, Iterable[Path]]]:
    """Each site and each blob below `source` with its files; references come before the data they point to.

    A copy made in this order holds each site as it was at one moment, whatever is committed meanwhile: deployments,
    then the versions that they show, then the jobs of those versions, the fence and the addresses, then all blobs.
    """
    for site in sorted((source / "sites").iterdir()):
        yield site, _site_files(site)
    for folder in sorted((source / "blobs").iterdir()):
        for blob in sorted(folder.iterdir()):
            yield blob, [blob]


def _site_files(site: Path) -> Iterator[Path]:
    deployments, versions = AppendOnlyLog(site / "deployments", site), AppendOnlyLog(site / "versions", site)
    yield from map(deployments.path, range(1, deployments.latest() + 1))
    latest = versions.latest()
    yield from map(versions.path, range(1, latest + 1))
    if (site / "jobs").is_dir():
        # The entry of a newer version would lead nowhere, and after a restore to another job's version.
        yield from (path for path in sorted((site / "jobs").iterdir()) if read_record(path, JobEntry).number <= latest)
    if (site / "fence").exists():
        yield site / "fence"
    addresses = AddressLog(site.name, site, site).log
    yield from map(addresses.path, range(1, addresses.latest() + 1))


def _copy(source: Path, copy: Path, earlier: Path | None, trusted_keys: Path) -> int:
    """Copy all that can be read, a site whole or not at all; returns how many sites and blobs are left out."""
    left_out = 0
    for folder in (copy, copy / "sites", copy / "blobs"):
        folder.mkdir(mode=0o700)
    with IndexWriter(copy) as index:
        _copy_file(trusted_keys, copy / TRUSTED_KEYS, None)
        index.add(Path(TRUSTED_KEYS))
        for part, files in consistent_parts(source):
            try:
                for name in _copy_part(source, files, copy, earlier):
                    index.add(name)
            except (PageWrightError, OSError) as error:
                if isinstance(error, OSError) and error.errno in DISK_FULL:
                    raise
                remove(copy / part.relative_to(source))
                _log.error("left out: %s: %s", part, "; ".join(getattr(error, "__notes__", [])) or error)
                left_out += 1
    return left_out


def _copy_part(source: Path, files: Iterable[Path], copy: Path, earlier: Path | None) -> list[Path]:
    """Copy the files of a part; returns their names below `copy` once all are there."""
    names = []
    for path in files:
        name = path.relative_to(source)
        (copy / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _copy_file(path, copy / name, earlier / name if earlier and name.name != "fence" else None)
        names.append(name)
    return names


def _copy_file(path: Path, copy: Path, earlier: Path | None) -> None:
    """Copy the file with its time; link the earlier copy instead if it has the same size and time."""
    status = path.stat()
    with suppress(OSError):  # no earlier copy, or a file system without links: copy
        if earlier and _is_same(earlier.stat(), status):
            os.link(earlier, copy)
            return
    shutil.copyfile(path, copy)
    os.utime(copy, ns=(status.st_mtime_ns, status.st_mtime_ns))


def _is_same(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def main() -> None:
    """The command; prints the path of the backup."""
    parser = argparse.ArgumentParser(prog="python -m daemons.storage.backup", description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="storage's directory")
    parser.add_argument("target", type=Path, help="the folder of backups, on another disk if there is one")
    parser.add_argument(
        "--trusted-keys", type=Path, required=True, help="the workers' public keys, without which nothing can be proven"
    )
    parser.add_argument("--keep", type=int, default=KEEP, help=f"how many newest backups stay ({KEEP})")
    arguments = parser.parse_args()
    carry_out(lambda: f"{back_up(arguments.source, arguments.target, arguments.trusted_keys, arguments.keep)}")


if __name__ == "__main__":
    main()
