"""Restore of storage: what was, or nothing; what was there before is never lost."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from shared.domain.vocabulary import Slot
from tests.storage.backups import back_up, command, contents, kill_in_the_middle, many_files, run
from tests.support.manifests import commit_version
from tests.support.storage_process import StorageProcess, running_storage


def test_restore_makes_what_was(filled: StorageProcess, folder: Path, tmp_path: Path) -> None:
    asyncio.run(_take_down(filled))
    backup = back_up(filled, folder)
    done = run(*command("restore", backup, tmp_path / "new/storage"))
    assert (done.returncode, done.stderr) == (0, "")
    assert contents(tmp_path / "new/storage") == contents(filled.directory)
    assert sorted(path.name for path in (tmp_path / "new/storage").iterdir()) == ["blobs", "lock", "sites"]
    with running_storage() as fresh:  # a daemon has been there, but nobody has used it
        fresh.stop()
        assert run(*command("restore", backup, fresh.directory)).returncode == 0
        assert contents(fresh.directory) == contents(backup)
        fresh.start()
        assert asyncio.run(_is_down(fresh)), "what was taken down does not come back by a restore"


async def _take_down(storage: StorageProcess) -> None:
    async with storage.client("api") as api:
        await api.desire("bakery", Slot.CURRENT, None, "ana", accept_failed_checks=False)


async def _is_down(storage: StorageProcess) -> bool:
    async with storage.client("api") as api:
        return (await api.head("bakery")).is_taken_down


def test_restore_refuses_to_replace_sites_by_mistake(filled: StorageProcess, folder: Path) -> None:
    backup = back_up(filled, folder)
    line = command("restore", backup, filled.directory)
    running = run(*line, "--replace")
    assert (running.returncode, "Another storage process uses" in running.stderr) == (1, True)

    asyncio.run(_one_more(filled))
    filled.stop()
    newer = contents(filled.directory)
    refused = run(*line)
    assert (refused.returncode, "has sites already. With --replace" in refused.stderr) == (1, True)
    assert contents(filled.directory) == newer
    assert run(*line, "--replace").returncode == 0
    assert contents(filled.directory) == contents(backup) != newer
    (aside,) = filled.directory.glob("replaced-*")
    assert contents(aside) == newer


async def _one_more(storage: StorageProcess) -> None:
    async with storage.client() as worker:
        await commit_version(worker, 4)


def test_a_full_disk_leaves_what_was_to_be_replaced(filled: StorageProcess, folder: Path, tmp_path: Path) -> None:
    small, disk = back_up(filled, folder), tmp_path / "disk"
    disk.mkdir()
    (filled.directory / "blobs/00/large").write_bytes(os.urandom(3_000_000))
    large = back_up(filled, folder)
    script = f"""
        {" ".join(command("restore", small, f"{disk}/storage"))} || exit 9
        {" ".join(command("restore", large, f"{disk}/storage", "--replace"))} && exit 8
        {" ".join(command("verify", f"{disk}/storage", small / "trusted-keys"))}
    """
    done = run("bwrap", "--dev-bind", "/", "/", "--size", "2000000", "--tmpfs", str(disk), "sh", "-c", script)
    assert "No space left on device" in done.stderr
    assert (done.stdout.splitlines()[-1], done.returncode) == ("1 sites verified: everything holds.", 0)


def _shorten(backup: Path) -> None:
    path = backup / "sites/bakery/versions/000000/2"
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[:-1])


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (_shorten, "has .* bytes, not"),
        (lambda backup: (backup / "sites/bakery/fence").unlink(), "fence is missing. The backup is not whole"),
        (lambda backup: shutil.rmtree(backup / "blobs"), "blobs/.* is missing. The backup is not whole"),
        (lambda backup: shutil.rmtree(backup / "sites"), "is no backup of storage"),
        (lambda backup: (backup / "index").unlink(), "No such file or directory"),
        (lambda backup: os.truncate(backup / "index", 200), "index of .* is damaged"),
        (lambda backup: (backup / "index").write_bytes(b"5 ../../etc/passwd\n"), "names ../../etc/passwd"),
    ],
)
def test_a_backup_that_lost_something_changes_nothing(
    filled: StorageProcess, folder: Path, harm: object, sentence: str
) -> None:
    backup = back_up(filled, folder)
    assert callable(harm)
    harm(backup)
    filled.stop()
    before = contents(filled.directory)
    refused = run(*command("restore", backup, filled.directory, "--replace"))
    assert refused.returncode == 1
    with pytest.raises(AssertionError, match=sentence):
        raise AssertionError(refused.stderr)
    assert "Traceback" not in refused.stderr
    assert contents(filled.directory) == before
    filled.start()


def test_a_killed_restore_leaves_what_was_or_is_repeated(filled: StorageProcess, folder: Path) -> None:
    many_files(filled)
    backup = back_up(filled, folder)
    asyncio.run(_one_more(filled))
    filled.stop()
    before = contents(filled.directory)
    line = command("restore", backup, filled.directory, "--replace")
    kill_in_the_middle(line, filled.directory, "restoring/blobs/00/*")
    assert contents(filled.directory) == before
    filled.start()
    filled.stop()
    assert run(*line).returncode == 0
    assert contents(filled.directory) == contents(backup)
    assert not (filled.directory / "restoring").exists()


def test_the_daemon_refuses_a_directory_between_old_and_new(filled: StorageProcess, folder: Path) -> None:
    """As it is if the power fails between the four renames of a restore."""
    backup = back_up(filled, folder)
    filled.stop()
    (filled.directory / "restoring/sites").mkdir(parents=True)
    (filled.directory / "sites").rename(filled.directory / "aside")
    with pytest.raises(AssertionError, match=r"was not finished\. Run it again"):
        filled.start()
    filled.kill()
    assert run(*command("restore", backup, filled.directory)).returncode == 0
    filled.start()
    assert contents(filled.directory) == contents(backup)
