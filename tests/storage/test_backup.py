"""Backup and restore of storage: whole whatever happens meanwhile, and what was there before is never lost."""

import asyncio
import os
import shutil
import subprocess
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from daemons.storage.backup import consistent_parts
from daemons.storage.checksummed_file import read_record
from daemons.storage.version_log import JobEntry
from shared.domain.site_address import SiteAddresses
from shared.domain.vocabulary import Slot
from shared.runtime.backups import complete_backups, newest_time, time_of
from tests.storage.backups import (
    ENVIRONMENT,
    back_up,
    backup_command,
    command,
    contents,
    findings,
    kill_in_the_middle,
    many_files,
    run,
)
from tests.storage.stored_files import move
from tests.support.daemon_process import ROOT
from tests.support.manifests import commit_version, fill_site
from tests.support.storage_process import StorageProcess


def restart_on(storage: StorageProcess, directory: Path) -> None:
    storage.kill()
    storage.directory = directory
    storage.environment["PAGEWRIGHT_STORAGE_DIRECTORY"] = str(directory)
    storage.start()


async def _hammer(storage: StorageProcess, site: str, stop: threading.Event) -> None:
    async with storage.client() as worker, storage.client("api") as api:
        await worker.announce(site, 1, "worker-1")
        number = 0
        while not stop.is_set():
            number += 1
            await commit_version(worker, number, site=site)
            await api.deploy(site, Slot.CURRENT, number, "ana")


def test_a_backup_made_while_storage_works_is_whole(storage: StorageProcess, folder: Path, tmp_path: Path) -> None:
    """I1, I9: and goes on where it was: a version, a deployment and a job that came later are not in it by half."""
    stop = threading.Event()

    async def play() -> None:
        await asyncio.gather(*(_hammer(storage, site, stop) for site in ("bakery", "butcher", "cafe")))

    busy = threading.Thread(target=lambda: asyncio.run(play()))
    busy.start()
    try:
        time.sleep(0.2)
        backups = [back_up(storage, folder) for _ in range(4)]
    finally:
        stop.set()
        busy.join()
    assert [finding for backup in backups for finding in findings(backup)] == []
    assert run(*command("restore", backups[1], tmp_path / "restored")).returncode == 0
    before = contents(tmp_path / "restored")
    restart_on(storage, tmp_path / "restored")

    async def go_on() -> None:
        async with storage.client() as worker:
            for site in ("bakery", "butcher", "cafe"):
                head = await worker.head(site)
                assert head.latest and head.slots[Slot.CURRENT].version <= head.latest
                await worker.announce(site, 2, "worker-2")
                await commit_version(worker, head.latest + 1, site=site, fence=2)

    asyncio.run(go_on())
    after = contents(tmp_path / "restored")
    assert {name for name in before if before[name] != after[name]} == {
        f"sites/{site}/fence" for site in ("bakery", "butcher", "cafe")
    }


def test_what_is_committed_meanwhile_is_not_in_it_by_half(filled: StorageProcess) -> None:
    """I3: the entry of a job whose version is not in the backup would lead to another job's version after a restore."""

    async def commit(number: int) -> None:
        async with filled.client() as worker, filled.client("api") as api:
            await commit_version(worker, number)
            await api.deploy("bakery", Slot.CURRENT, number, "ana")

    site, names = filled.directory / "sites/bakery", list[str]()
    parts = consistent_parts(filled.directory)
    for number, path in enumerate((path for _, files in parts for path in files), start=4):
        names.append(str(path.relative_to(site)) if path.is_relative_to(site) else "blob")
        asyncio.run(commit(number))
    jobs = [name for name in names if name.startswith("jobs/")]
    assert names[:3] == ["deployments/000000/1", "versions/000000/1", "versions/000000/2"]
    versions = [name for name in names if name.startswith("versions/")]
    assert {read_record(site / name, JobEntry).number for name in jobs} == set(range(1, len(versions) + 1))
    assert names.index(versions[-1]) < names.index(jobs[0]) < names.index("fence") < names.index("blob")


def test_what_has_not_changed_takes_no_space(filled: StorageProcess, folder: Path) -> None:
    first = back_up(filled, folder)
    second = back_up(filled, folder)
    assert contents(first) == contents(second) == contents(filled.directory)
    copied = [name for name in contents(second) if not (first / name).samefile(second / name)]
    assert copied == ["sites/bakery/fence"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in [second, *second.rglob("*")])


def test_the_addresses_are_in_it(filled: StorageProcess, folder: Path, tmp_path: Path) -> None:
    """And come back with it: what moved is found where it was."""
    asyncio.run(move(filled))
    backup = back_up(filled, folder)
    assert findings(backup) == []
    assert run(*command("restore", backup, tmp_path / "restored")).returncode == 0

    async def addresses() -> SiteAddresses | None:
        async with filled.client("deployer") as deployer:
            return await deployer.addresses()

    before = asyncio.run(addresses())
    assert before and [one.number for one in before.items] == [3]
    restart_on(filled, tmp_path / "restored")
    assert asyncio.run(addresses()) == before


def test_a_file_that_is_not_the_same_is_copied(filled: StorageProcess, folder: Path) -> None:
    """After a restore of an older state, a version's number may hold another version."""
    first = back_up(filled, folder)
    changed = filled.directory / "sites/bakery/versions/000000/3"
    time_before = changed.stat().st_mtime_ns
    data = changed.read_bytes()
    changed.write_bytes(data.replace(b"ana", b"eve"))
    second = back_up(filled, folder)
    assert (second / "sites/bakery/versions/000000/3").read_bytes() == changed.read_bytes() != data
    assert (first / "sites/bakery/versions/000000/3").read_bytes() == data
    assert (second / "sites/bakery/versions/000000/3").stat().st_mtime_ns > time_before


def test_only_the_newest_are_kept(filled: StorageProcess, folder: Path) -> None:
    (folder / ".20300101T000000Z.partial").mkdir()
    (folder / "notes").write_text("not ours")
    made = [back_up(filled, folder, "--keep", 2) for _ in range(3)]
    assert complete_backups(folder) == made[1:]
    assert sorted(path.name for path in folder.iterdir()) == [*(path.name for path in made[1:]), "notes"]
    assert findings(made[2]) == []


@pytest.fixture
def neighbour(filled: StorageProcess) -> StorageProcess:
    """A storage with a second site, `cafe`."""

    async def fill() -> None:
        async with filled.client() as worker:
            await fill_site(worker, 2, site="cafe")

    asyncio.run(fill())
    return filled


def _lose_a_version(storage: StorageProcess) -> Path:
    path = storage.directory / "sites/cafe/versions/000000/1"
    path.unlink()
    return path


def _damage_a_job(storage: StorageProcess) -> Path:
    path = next((storage.directory / "sites/cafe/jobs").iterdir())
    path.write_bytes(b"{}")
    return path


def _unreadable_blob(storage: StorageProcess) -> Path:
    path = storage.directory / "blobs/00" / f"{7:064x}"
    path.symlink_to(path)
    return path


@pytest.mark.parametrize("harm", [_lose_a_version, _damage_a_job, _unreadable_blob])
def test_one_damaged_file_stops_no_other_sites_backup(neighbour: StorageProcess, folder: Path, harm: object) -> None:
    """And what is left is no whole backup: it has another name, pushes no whole one out, and the command fails."""
    whole = back_up(neighbour, folder)
    assert callable(harm)
    path = harm(neighbour)
    for _ in range(2):
        time.sleep(1)
        refused = run(*backup_command(neighbour, folder, "--keep", 1))
        assert (refused.returncode, refused.stdout) == (1, "")
        assert str(path) in refused.stderr
        assert "is not whole: 1 sites or blobs are left out" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert complete_backups(folder) == [whole]
    (incomplete,) = set(folder.iterdir()) - {whole}
    assert incomplete.name.endswith("Z-incomplete")
    assert findings(incomplete) == []
    assert (incomplete / "sites/bakery/fence").exists()
    assert (incomplete / "sites/cafe").exists() == (harm is _unreadable_blob)
    assert run(*command("restore", incomplete, neighbour.base / "restored")).returncode == 0

    path.unlink(missing_ok=True)
    if harm is not _unreadable_blob:
        shutil.rmtree(neighbour.directory / "sites/cafe")
        shutil.copytree(whole / "sites/cafe", neighbour.directory / "sites/cafe")
    last = back_up(neighbour, folder, "--keep", 1)
    assert list(folder.iterdir()) == [last]


@pytest.mark.parametrize(
    ("target", "sentence"),
    [("data/backups", "is within"), ("nowhere", "There is no folder"), ("future", "is not older than now")],
)
def test_a_target_that_will_not_do(filled: StorageProcess, target: str, sentence: str) -> None:
    folder = filled.base / target
    if target != "nowhere":
        (folder / "20990101T000000Z").mkdir(parents=True)
    refused = run(*backup_command(filled, folder))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_directory_that_is_no_storage_is_refused(tmp_path: Path, storage: StorageProcess) -> None:
    storage.directory = tmp_path
    refused = run(*backup_command(storage, tmp_path))
    assert (refused.returncode, "is no directory of storage" in refused.stderr) == (1, True)


def test_two_backups_at_once_are_one(filled: StorageProcess, folder: Path) -> None:
    """The impatient double click."""
    lines = [backup_command(filled, folder) for _ in range(3)]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(line, env=ENVIRONMENT, cwd=ROOT, stdout=pipe, stderr=pipe) for line in lines]
    errors = [process.communicate(timeout=60)[1] for process in processes]
    made = complete_backups(folder)
    assert [process.returncode for process in processes].count(0) == len(made) >= 1, errors
    assert all(findings(backup) == [] for backup in made)
    assert sorted(folder.iterdir()) == made


def test_a_killed_backup_leaves_the_ones_before_and_is_swept(filled: StorageProcess, folder: Path) -> None:
    first = back_up(filled, folder)
    kept = contents(first)
    many_files(filled)
    time.sleep(1)
    kill_in_the_middle(backup_command(filled, folder), folder, ".*.partial/blobs/00/*")
    assert [complete_backups(folder), len(list(folder.glob(".*.partial")))] == [[first], 1]
    assert contents(first) == kept and findings(first) == []
    last = back_up(filled, folder)
    assert contents(last) == contents(filled.directory)
    assert not list(folder.glob(".*"))


def test_a_full_disk_leaves_the_backups_before(filled: StorageProcess, folder: Path) -> None:
    """A file system of its own, of two megabytes."""
    filled.stop()
    line = " ".join(backup_command(filled, folder))
    script = f"""
        {line} || exit 9
        head -c 3000000 /dev/urandom > {filled.directory}/blobs/00/large
        sleep 1
        {line} && exit 8
        ls -A {folder}
        {" ".join(command("verify", f"{folder}/*", f"{folder}/*/trusted-keys"))}
    """
    done = run("bwrap", "--dev-bind", "/", "/", "--size", "2000000", "--tmpfs", str(folder), "sh", "-c", script)
    assert f"The disk of {folder} is full. Free space there and try again" in done.stderr
    first, *left, verified = done.stdout.splitlines()
    assert left == [Path(first).name]
    assert (verified, done.returncode) == ("1 sites verified: everything holds.", 0)


def test_what_is_anothers_is_left_alone(filled: StorageProcess, folder: Path, tmp_path: Path) -> None:
    """As if an operator forgot to be the daemon's user."""
    backup, other = back_up(filled, folder), Path("/usr")
    if os.geteuid() == 0:
        other = tmp_path / "other"
        other.mkdir()
        os.chown(other, 65534, 65534)
    before = sorted(other.iterdir())
    for line in (backup_command(filled, other), command("restore", backup, other)):
        refused = run(*line)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert f"{other} belongs to another user. Run this as that user." in refused.stderr
    assert sorted(other.iterdir()) == before


def test_the_newest_whole_backup_is_told(tmp_path: Path) -> None:
    assert newest_time(None) is newest_time(tmp_path / "nowhere") is newest_time(tmp_path) is None
    (tmp_path / "20200331T023000Z.jsonl").touch()
    (tmp_path / "20200401T023000Z.partial").touch()
    (tmp_path / ".20200401T023000Z.partial").touch()
    assert newest_time(tmp_path) == datetime(2020, 3, 31, 2, 30, tzinfo=UTC)


def test_storage_measures_its_backups(filled: StorageProcess, folder: Path) -> None:
    def measured() -> list[str]:
        transport = httpx.HTTPTransport(uds=filled.admin_address.removeprefix("unix:"))
        with httpx.Client(transport=transport) as client:
            lines = client.get("http://admin/metrics").text.splitlines()
        return [line for line in lines if line.startswith("pagewright_backup_timestamp_seconds")]

    assert measured() == []
    filled.stop()
    filled.environment["PAGEWRIGHT_STORAGE_BACKUPS"] = str(folder)
    filled.start()
    assert measured() == ['pagewright_backup_timestamp_seconds{of="storage"} 0.0']
    backup = back_up(filled, folder)
    (line,) = measured()
    assert float(line.split()[1]) == time_of(backup).timestamp()
