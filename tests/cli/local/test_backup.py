"""Which backup is restored, and what is never overwritten."""

from pathlib import Path

import pytest

from cli.local.backup import newest_pair, restore
from cli.local.folder import RunFolder, locked, open_run_folder
from shared.domain.errors import Conflict, NotFound, PageWrightError


def backups(folder: Path, dumps: str, copies: str) -> Path:
    """A folder with dumps of the database and copies of storage, made at these hours of a day."""
    for name in ("database", "storage"):
        (folder / name).mkdir()
    for hour in dumps.split():
        (folder / f"database/20260102T{hour}0000Z.jsonl").touch()
    for hour in copies.split():
        (folder / f"storage/20260102T{hour}0000Z").mkdir()
    return folder


@pytest.mark.parametrize(
    ("dumps", "copies", "pair"),
    [
        ("01 02", "01 02", ("02", "02")),
        ("01 03", "02", ("01", "02")),
        ("01", "02 05", ("01", "05")),
        ("02", "02", ("02", "02")),
    ],
)
def test_the_newest_copy_goes_with_a_dump_that_is_not_younger(
    tmp_path: Path, dumps: str, copies: str, pair: tuple[str, str]
) -> None:
    """Storage only grows: a later copy has everything that the dump names, an earlier one may not."""
    dump, copy = newest_pair(backups(tmp_path, dumps, copies))
    assert (dump.name[9:11], copy.name[9:11]) == pair


@pytest.mark.parametrize(("dumps", "copies"), [("03", "02"), ("", "02"), ("02", ""), ("", "")])
def test_half_a_backup_is_none(tmp_path: Path, dumps: str, copies: str) -> None:
    with pytest.raises(NotFound, match="no backup of a whole system"):
        newest_pair(backups(tmp_path, dumps, copies))
    with pytest.raises(NotFound):
        newest_pair(tmp_path / "nothing")


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A local run with a site."""
    made = open_run_folder(tmp_path / "run")
    (made.data("storage") / "sites").mkdir()
    return made


def test_what_is_there_is_not_replaced_unasked(folder: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    directory = backups(tmp_path / "backups", "01", "02")
    with pytest.raises(Conflict, match="has a system already"):
        restore(folder, directory, replace=False)
    with locked(folder), pytest.raises(Conflict, match="already running"):
        restore(folder, directory, replace=True)
    with pytest.raises(PageWrightError):  # the copy holds nothing
        restore(folder, directory, replace=True)
    assert (folder.root / "storage/sites").is_dir()
    assert not folder.restoring.exists()
