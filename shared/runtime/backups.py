"""A folder of backups: each is named by its time, and is complete once it has that name.

A backup that is being made or deleted has a name that begins with a dot, so that a torn one never counts. A backup
that had to leave something out is named `TIME-incomplete`: it does not count, and pushes no whole one out.
"""

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from shared.domain.errors import Conflict, InsufficientStorage, InvalidInput, NotAllowed, NotFound
from shared.runtime.directory_sync import sync_directory

KEEP = 14
_FORMAT = "%Y%m%dT%H%M%SZ"
_PARTIAL, _INCOMPLETE = ".partial", "-incomplete"
_NAME = re.compile(r"\d{8}T\d{6}Z(\.jsonl)?")
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def complete_backups(folder: Path) -> list[Path]:
    """The backups in a folder, oldest first; raises OSError if it can't be read."""
    return sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))


def time_of(backup: Path) -> datetime:
    """When a backup was begun."""
    return datetime.strptime(backup.name.partition(".")[0], _FORMAT).replace(tzinfo=UTC)


def newest_time(folder: Path | None) -> datetime | None:
    """When the newest backup was begun; None if there is none, none that can be seen, or no folder.

    Ignores backups from the future: the clock was wrong, so their age is unknown.
    """
    try:
        times = map(time_of, complete_backups(folder) if folder else ())
        return max((time for time in times if time <= datetime.now(UTC)), default=None)
    except OSError:
        return None


@contextmanager
def next_backup(folder: Path, ending: str, keep: int) -> Iterator[Path]:
    """The path to write the folder's next backup to; after the block it has its name, and only `keep` are left.

    The block makes its bytes durable. Raises Conflict if another one is being made, or if the clock is behind.
    """
    if keep < 1:
        raise InvalidInput("No backup would be kept.", "Keep one at least.")
    with _locked(folder):
        check_owner(folder)
        for leftover in folder.glob(f".*{_PARTIAL}"):
            remove(leftover)
        earlier = complete_backups(folder)
        target = folder / (datetime.now(UTC).strftime(_FORMAT) + ending)
        if earlier and time_of(target) <= time_of(earlier[-1]):
            raise Conflict(
                f"The newest backup, {earlier[-1].name}, is not older than now.",
                "Look at the clock. If it is right by now, move that backup to another folder.",
            )
        with appearing(target) as partial:
            yield partial
        for outdated in [*[*earlier, target][:-keep], *_incomplete_backups(folder)]:
            remove(outdated.rename(_partial(outdated)))


def keep_incomplete(partial: Path) -> Path:
    """Let what a block of `next_backup` has made stay as incomplete, in place of an earlier one; returns its path."""
    earlier = _incomplete_backups(partial.parent)
    kept = partial.rename(partial.with_name(partial.name.removeprefix(".").removesuffix(_PARTIAL) + _INCOMPLETE))
    sync_directory(partial.parent)
    for outdated in earlier:
        remove(outdated.rename(_partial(outdated)))
    return kept


def _incomplete_backups(folder: Path) -> list[Path]:
    return list(folder.glob(f"*Z{_INCOMPLETE}"))


@contextmanager
def appearing(target: Path) -> Iterator[Path]:
    """The path to write a file or folder to, which gets its real name at the end of the block, or vanishes.

    The block makes its bytes durable. Raises Conflict if the target is there, InsufficientStorage if the disk is full.
    """
    if target.exists():
        raise Conflict(f"{target} is there already.", "Choose another name.")
    partial = _partial(target)
    try:
        remove(partial)
        yield partial
        partial.rename(target)
        sync_directory(target.parent)
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        raise InsufficientStorage(
            f"The disk of {target.parent} is full.", "Free space there and try again; what was there is as it was."
        ) from error
    finally:
        remove(partial)


def check_owner(folder: Path) -> None:
    """Raises NotAllowed unless the folder is ours: the daemon's user could not use files that root leaves there."""
    if folder.stat().st_uid != os.geteuid():
        raise NotAllowed(f"{folder} belongs to another user.", "Run this as that user.")


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"There is no folder {folder}.", "Make it, for the user who makes the backups.") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"Another backup is being made in {folder}.", "Wait until it is done.") from None
        yield
    finally:
        os.close(descriptor)


def _partial(target: Path) -> Path:
    return target.with_name(f".{target.name}{_PARTIAL}")


def remove(path: Path) -> None:
    """Delete a file, or a folder with all in it, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
