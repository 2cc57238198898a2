"""Makes a directory of storage from a backup: `python -m daemons.storage.restore BACKUP DIRECTORY [--replace]`.

The daemon must be stopped. It copies everything beside first, then puts it in place by four renames; the daemon
refuses the directory until the last of them. It moves what was there to `replaced-TIME/`, and deletes nothing. Exits 1
with a sentence if it can't be done. The workers' public keys stay with the backup, as BACKUP/trusted-keys.
"""

import argparse
import os
import shutil
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from daemons.storage.durable import make_directory, rename, sync_file_system
from daemons.storage.file_index import indexed_files
from daemons.storage.ownership import RESTORING, own
from shared.domain.errors import Conflict, InvalidInput, NotFound
from shared.runtime.backups import check_owner
from shared.runtime.command import carry_out
from shared.runtime.directory_sync import sync_directory


def restore(backup: Path, directory: Path, *, replace: bool) -> str:
    """Put a backup in place and say so; if it raises PageWrightError or OSError, nothing is lost."""
    if not (backup / "sites").is_dir():
        raise NotFound(f"{backup} is no backup of storage.", "It is a folder such as 20300131T023000Z.")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_owner(directory)
    lock = own(directory)
    try:
        if _has_sites(directory) and not replace:
            raise Conflict(f"{directory} has sites already.", "With --replace they are moved aside.")
        _check(backup)
        beside = directory / RESTORING
        _empty(beside)
        with ExitStack() as unless_whole:
            unless_whole.callback(_empty, beside)
            files = _copy(backup, beside)
            unless_whole.pop_all()
        _put_in_place(directory, beside)
    finally:
        os.close(lock)
    return f"{files} files restored."


def _empty(beside: Path) -> None:
    """Nothing of an earlier try is left but its folder `sites`, the sign that a restore was begun."""
    (beside / "sites").mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in (*beside.glob("sites/*"), *(path for path in beside.iterdir() if path.name != "sites")):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _has_sites(directory: Path) -> bool:
    return (directory / "sites").is_dir() and any((directory / "sites").iterdir())


def _check(backup: Path) -> None:
    """Every file of the index is there with the size that it must have."""
    for name, size in indexed_files(backup):
        if name.is_absolute() or ".." in name.parts:
            raise InvalidInput(f"The index of {backup} names {name}.", "It was not made by PageWright.")
        try:
            found = (backup / name).stat().st_size
        except FileNotFoundError:
            raise InvalidInput(f"{backup / name} is missing.", "The backup is not whole; take another one.") from None
        if found != size:
            raise InvalidInput(f"{backup / name} has {found} bytes, not {size}.", "Take another backup.")


def _copy(backup: Path, beside: Path) -> int:
    """Every file of the index, durable; returns their number."""
    (beside / "blobs").mkdir(mode=0o700)
    files = 0
    for name, _ in indexed_files(backup):
        (beside / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(backup / name, beside / name)
        status = (backup / name).stat()
        os.utime(beside / name, ns=(status.st_mtime_ns, status.st_mtime_ns))
        files += 1
    sync_file_system(beside)
    return files


def _put_in_place(directory: Path, beside: Path) -> None:
    """The last rename completes it: until then the daemon finds no sites and an unfinished restore."""
    aside = directory / datetime.now(UTC).strftime("replaced-%Y%m%dT%H%M%S.%fZ")
    for name in ("sites", "blobs"):
        if (directory / name).exists():
            make_directory(aside)
            rename(directory / name, aside / name)
            sync_directory(directory)
    for name in ("blobs", "sites"):
        rename(beside / name, directory / name)
    shutil.rmtree(beside)


def main() -> None:
    """The command; prints how many files came back."""
    parser = argparse.ArgumentParser(prog="python -m daemons.storage.restore", description=__doc__.splitlines()[0])
    parser.add_argument("backup", type=Path, help="one backup, such as …/20300131T023000Z")
    parser.add_argument("directory", type=Path, help="storage's directory; the daemon is stopped")
    parser.add_argument("--replace", action="store_true", help="move the sites that are there aside")
    arguments = parser.parse_args()
    carry_out(lambda: restore(arguments.backup, arguments.directory, replace=arguments.replace))


if __name__ == "__main__":
    main()
