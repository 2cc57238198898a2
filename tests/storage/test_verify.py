"""`verify` proves the chain from bytes to signature (I9), and finds every way to break it."""

import asyncio
import json
import math
import os
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from shared.domain.errors import PageWrightError
from shared.domain.vocabulary import DamagedRecord, Slot
from tests.storage.stored_files import change_manifest, fill, site_folder, version_file
from tests.support.daemon_process import ROOT, run_module
from tests.support.manifests import TRUSTED_LINE, fill_site
from tests.support.storage_process import StorageProcess


def test_a_slot_that_shows_a_version_that_is_gone_is_damage_of_this_site_alone(storage: StorageProcess) -> None:
    """I1, I11: the newest version's file is lost; nobody takes the site for one of three versions."""

    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            await fill_site(worker, 4)
            await fill_site(worker, 1, site="florist")
            await api.deploy("bakery", Slot.CURRENT, 4, "ana")

    async def look() -> None:
        async with storage.client() as client:
            with pytest.raises(PageWrightError, match="damaged"):
                await client.head("bakery")
            heads, _ = await client.sites()
            assert [head.site for head in heads] == ["florist"]

    asyncio.run(play())
    storage.stop()
    version_file(storage.directory, 4).unlink()
    storage.start()
    asyncio.run(look())
    assert "versions/000000/4: it is missing, though current shows it" in storage.log.read_text()


def _run_verify(storage: StorageProcess, keys: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    return run_module("daemons.storage.verify", storage.directory, keys, *options, environment=environment)


def test_the_command_tells_and_exits(storage: StorageProcess, tmp_path: Path) -> None:
    asyncio.run(fill(storage))
    keys = tmp_path / "keys"
    keys.write_text(TRUSTED_LINE)
    good = _run_verify(storage, keys)
    assert (good.returncode, good.stdout, good.stderr) == (0, "1 sites verified: everything holds.\n", "")
    change_manifest(storage.directory, 2, message="Something else.")
    bad = _run_verify(storage, keys)
    assert bad.returncode == 1 and bad.stderr == ""
    assert [line.partition(":")[0] for line in bad.stdout.splitlines()] == ["site bakery", "1 sites verified"]
    told = json.loads(_run_verify(storage, keys, "--json").stdout)
    assert (told["ok"], told["sites"], len(told["findings"])) == (False, 1, 1)
    assert _run_verify(storage, tmp_path / "absent").returncode == 2


def _verified_at(storage: StorageProcess) -> float:
    transport = httpx.HTTPTransport(uds=storage.admin_address.removeprefix("unix:"))
    with httpx.Client(transport=transport) as client:
        lines = client.get("http://admin/metrics").text.splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("pagewright_verify_timestamp_seconds ")))


def test_storage_measures_when_nothing_was_wrong(storage: StorageProcess, tmp_path: Path) -> None:
    """A verify that finds something, or can't look, leaves the time as it was."""
    asyncio.run(fill(storage))
    assert math.isnan(_verified_at(storage))
    keys, mark = tmp_path / "keys", tmp_path / "clean"
    keys.write_text(TRUSTED_LINE)
    storage.stop()
    storage.environment["PAGEWRIGHT_STORAGE_VERIFY_MARK"] = str(mark)
    storage.start()
    assert _verified_at(storage) == 0
    assert _run_verify(storage, tmp_path / "absent", "--mark", str(mark)).returncode == 2
    assert _verified_at(storage) == 0
    began = time.time() - 1  # a file's time comes from a coarser clock
    assert _run_verify(storage, keys, "--mark", str(mark)).returncode == 0
    assert began < _verified_at(storage) <= time.time()
    os.utime(mark, (5, 5))
    change_manifest(storage.directory, 2, message="Something else.")
    assert _run_verify(storage, keys, "--mark", str(mark)).returncode == 1
    assert _verified_at(storage) == 5
    assert _run_verify(storage, keys, "--mark", str(tmp_path / "nowhere/clean")).returncode == 1


def test_a_damaged_file_is_never_a_wrong_answer(storage: StorageProcess) -> None:
    asyncio.run(fill(storage))
    path = version_file(storage.directory, 2)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"ana", b"eve"))

    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            assert (await api.status()).damaged == (), "nobody has met it yet"
            for call in (lambda: worker.version("bakery", 2), lambda: worker.versions("bakery")):
                with pytest.raises(PageWrightError, match="damaged") as caught:
                    await call()
                assert type(caught.value) is PageWrightError
            assert (await worker.version("bakery", 1)).number == 1
            assert (await api.status()).damaged == (DamagedRecord(site="bakery", kind="version", number=2),)
            path.write_bytes(whole)
            assert (await api.status()).damaged == (), "it is restored"
            assert (await worker.version("bakery", 2)).number == 2

    asyncio.run(play())
    assert f"damaged file {path}" in storage.log.read_text()


@pytest.mark.parametrize("name", ["fence", "versions/000000/4", "deployments/000000/3"])
def test_a_site_whose_state_is_damaged_is_refused_after_a_restart(name: str, storage: StorageProcess) -> None:
    """I2: a lost fence must not let an old worker back in."""
    asyncio.run(fill(storage))
    storage.kill()
    path = site_folder(storage.directory) / name
    path.write_bytes(path.read_bytes()[:-3])
    storage.start()

    kind, *number = name.replace("s/000000/", " ").split()

    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            for damaged_call in (lambda: worker.head("bakery"), lambda: worker.announce("bakery", 9, "w")):
                with pytest.raises(PageWrightError, match="damaged"):
                    await damaged_call()
            assert (await worker.announce("butcher", 1, "w")).head.fence == 1
            (told,) = (await api.status()).damaged
            assert (told.kind, told.number) == (kind, int(number[0]) if number else None)

    asyncio.run(play())
