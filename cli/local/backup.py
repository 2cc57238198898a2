"""Backup and restore of the local system: a folder with dumps of the database and copies of storage, as on a server.

Each daemon's own command makes its part, since no daemon imports another. The database comes first: storage only
grows, so a later copy of it has everything that the dump names.
"""

import json
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess

from cli.daemon_module import DaemonModule, run_module
from cli.local.credentials import trust
from cli.local.folder import RunFolder, locked, private_folder
from cli.local.programs import database_url
from shared.domain.errors import Conflict, NotFound, PageWrightError
from shared.runtime.backups import complete_backups, remove, time_of
from shared.runtime.directory_sync import sync_directory

# What a restore puts in place, and what it moves aside because it derives from the earlier state.
_RESTORED, _DERIVED = ("storage", "api"), ("redis", "sites")


def back_up(folder: RunFolder, directory: Path) -> tuple[Path, Path]:
    """Make the next backup in `directory`, whether the system runs or not; returns the dump and the copy."""
    if not (folder.root / "storage/sites").is_dir():
        raise NotFound(f"There is nothing to back up in {folder.root}.", "Start PageWright with `make run` first.")
    private_folder(directory)
    dumps, copies = private_folder(directory / "database"), private_folder(directory / "storage")
    _output(run_module(DaemonModule.DATABASE_DUMP, "dump", dumps, database=database_url(folder.root / "api")))
    storage = folder.root / "storage"
    _output(run_module(DaemonModule.BACK_UP_STORAGE, storage, copies, "--trusted-keys", folder.trusted_keys))
    return complete_backups(dumps)[-1], complete_backups(copies)[-1]


def restore(folder: RunFolder, directory: Path, *, replace: bool) -> tuple[Path, Path, list[str]]:
    """Put the newest backup in `directory` in place; returns its dump, its copy, and what `verify` finds in that.

    A fault in one site does not keep the others from coming back. Raises Conflict if the system runs, or has data
    already, unless `replace` moves that to `replaced-TIME/`.
    """
    dump, copy = newest_pair(directory)
    with locked(folder):
        there = [name for name in _RESTORED if (folder.root / name).exists() and any((folder.root / name).iterdir())]
        if there and not replace:
            raise Conflict(f"{folder.root} has a system already.", "With --replace it is moved aside.")
        with _beside(folder) as beside:
            storage, database = beside / "storage", database_url(private_folder(beside / "api"))
            _output(run_module(DaemonModule.RESTORE_STORAGE, copy, storage))
            verified = run_module(DaemonModule.VERIFY_STORAGE, "--json", storage, copy / "trusted-keys")
            findings = json.loads(_output(verified, fine=(0, 1)))["findings"]
            _output(run_module(DaemonModule.DATABASE_DUMP, "load", dump, database=database))
            trust(folder.trusted_keys, (copy / "trusted-keys").read_text(encoding="utf-8").splitlines())
        _put_in_place(folder)
    return dump, copy, findings


@contextmanager
def _beside(folder: RunFolder) -> Iterator[Path]:
    """The empty folder to restore into; a failed block deletes it, unless an earlier restore left it."""
    goes = not folder.restoring.exists()
    beside = private_folder(folder.restoring)
    try:
        for leftover in beside.iterdir():
            remove(leftover)
        yield beside
    except BaseException:
        if goes:
            shutil.rmtree(beside)
        raise


def newest_pair(directory: Path) -> tuple[Path, Path]:
    """The newest copy of storage and the newest dump that is not younger; raises NotFound."""
    dumps, copies = (_backups(directory / name) for name in ("database", "storage"))
    pairs = [(dump, copies[-1]) for dump in dumps if time_of(dump) <= time_of(copies[-1])] if copies else []
    if not pairs:
        raise NotFound(
            f"{directory} has no backup of a whole system.", "It holds the folders `database` and `storage`."
        )
    return pairs[-1]


def _backups(folder: Path) -> list[Path]:
    return complete_backups(folder) if folder.is_dir() else []


def _output(done: CompletedProcess[str], fine: Collection[int] = (0,)) -> str:
    """What a command printed; raises PageWrightError with that if its exit code is not a fine one."""
    if done.returncode not in fine:
        said = done.stderr.strip() or done.stdout.strip()
        raise PageWrightError(said or f"{done.args[3]} ended with {done.returncode}.")
    return done.stdout


def _put_in_place(folder: RunFolder) -> None:
    """Move everything into place, and flush it before the folder `restoring` vanishes."""
    os.sync()
    aside = folder.root / datetime.now(UTC).strftime("replaced-%Y%m%dT%H%M%S.%fZ")
    for name in (*_RESTORED, *_DERIVED):
        if (folder.root / name).exists():
            (folder.root / name).rename(private_folder(aside) / name)
    for name in _RESTORED:
        (folder.restoring / name).rename(folder.root / name)
    os.sync()
    folder.restoring.rmdir()
    sync_directory(folder.root)
