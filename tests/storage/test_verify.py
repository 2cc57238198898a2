"""`verify` proves the chain from bytes to signature (I9), and finds every way to break it."""

import asyncio
import hashlib
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from daemons.storage.checksummed_file import checksummed, read_checksummed
from daemons.storage.verify import verify_directory
from shared.domain.archive import pack
from shared.domain.errors import PageWrightError
from shared.domain.manifest import Blob, Manifest
from shared.domain.signing import generate_private_key, load_private_key, manifest_bytes, sign_manifest
from shared.domain.vocabulary import DamagedRecord, Slot
from tests.support.manifests import SIGNING_KEY, TRUSTED_KEYS, TRUSTED_LINE, fill_site
from tests.support.storage_process import StorageProcess

_ROOT = Path(__file__).parents[2]


async def _fill(storage: StorageProcess) -> None:
    async with storage.client() as worker, storage.client("api") as api:
        await fill_site(worker, 4)
        for version, slot in ((1, Slot.CURRENT), (2, Slot.PREVIEW), (3, Slot.CURRENT)):
            await api.deploy("bakery", slot, version, "ana")


def _site(root: Path) -> Path:
    return root / "sites" / "bakery"


def _version(root: Path, number: int) -> Path:
    return _site(root) / "versions" / "000000" / str(number)


def _manifest(root: Path, number: int) -> Manifest:
    return Manifest.model_validate_json(read_checksummed(_version(root, number)))


def _change_manifest(root: Path, number: int, **change: object) -> None:
    """Rewrite a manifest with a good checksum and the old signature."""
    _version(root, number).write_bytes(checksummed(manifest_bytes(_manifest(root, number).model_copy(update=change))))


def _blob(root: Path, sha256: str) -> Path:
    return root / "blobs" / sha256[:2] / sha256


def _sign_by_stranger(root: Path) -> None:
    manifest = sign_manifest(_manifest(root, 2), load_private_key(generate_private_key()))
    _version(root, 2).write_bytes(checksummed(manifest_bytes(manifest)))


def _swap_artifact(root: Path) -> None:
    """A signed manifest whose artifact serves something else than its list says."""
    data = pack({}, {"index.html": b"other"})
    sha256 = hashlib.sha256(data).hexdigest()
    _blob(root, sha256).write_bytes(data)
    changed = _manifest(root, 4).model_copy(update={"artifact": Blob(sha256=sha256, size=len(data))})
    _version(root, 4).write_bytes(checksummed(manifest_bytes(sign_manifest(changed, SIGNING_KEY))))


_DAMAGES: list[tuple[str, Callable[[Path], object]]] = [
    ("bytes or its place", lambda root: _blob(root, _manifest(root, 1).artifact.sha256).write_bytes(b"!")),
    ("version 1: blob", lambda root: _blob(root, _manifest(root, 1).artifact.sha256).unlink()),
    ("version 2: .*it is missing", lambda root: _version(root, 2).unlink()),
    ("version 2: .*checksum", lambda root: _version(root, 2).write_bytes(_version(root, 2).read_bytes() + b" ")),
    ("version 4: .*checksum", lambda root: _version(root, 4).write_bytes(b"")),
    ("version 2: .*wrong signature", lambda root: _change_manifest(root, 2, message="Something else.")),
    ("version 2: .*not trusted", _sign_by_stranger),
    ("version 2: its manifest is another", lambda root: _version(root, 2).write_bytes(_version(root, 3).read_bytes())),
    ("version 2: its parent", lambda root: _change_manifest(root, 2, parent=2)),
    ("version 3: its stamp", lambda root: _change_manifest(root, 2, stamp=5000)),
    ("version 3: its fence", lambda root: _change_manifest(root, 2, fence=5)),
    ("version 2: the index", lambda root: (_site(root) / "jobs" / _manifest(root, 2).job).unlink()),
    ("version 4: it can't be deployed: The list of served files is not that", _swap_artifact),
    ("highest fence is 0", lambda root: (_site(root) / "fence").unlink()),
    ("deployment 2: .*missing", lambda root: (_site(root) / "deployments/000000/2").unlink()),
    (
        "deployment 2: it does not follow",
        lambda root: (_site(root) / "deployments/000000/2").write_bytes(
            (_site(root) / "deployments/000000/1").read_bytes()
        ),
    ),
    ("deployment 3: version 3 does not", lambda root: [_version(root, number).unlink() for number in (3, 4)]),
]


def test_each_damage_is_found(storage: StorageProcess, tmp_path: Path) -> None:
    asyncio.run(_fill(storage))
    storage.stop()
    assert verify_directory(storage.directory, TRUSTED_KEYS) == []
    for number, (finding, damage) in enumerate(_DAMAGES):
        copy = tmp_path / str(number)
        subprocess.run(["cp", "-a", storage.directory, copy], check=True)
        damage(copy)
        findings = "\n".join(verify_directory(copy, TRUSTED_KEYS))
        with pytest.raises(AssertionError, match=finding):
            raise AssertionError(findings)


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
    _version(storage.directory, 4).unlink()
    storage.start()
    asyncio.run(look())
    assert "versions/000000/4: it is missing, though current shows it" in storage.log.read_text()


def _run_verify(storage: StorageProcess, keys: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "daemons.storage.verify", str(storage.directory), str(keys), *options]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(_ROOT)}
    return subprocess.run(command, env=environment, cwd=_ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_tells_and_exits(storage: StorageProcess, tmp_path: Path) -> None:
    asyncio.run(_fill(storage))
    keys = tmp_path / "keys"
    keys.write_text(TRUSTED_LINE)
    good = _run_verify(storage, keys)
    assert (good.returncode, good.stdout, good.stderr) == (0, "1 sites verified: everything holds.\n", "")
    _change_manifest(storage.directory, 2, message="Something else.")
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
    asyncio.run(_fill(storage))
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
    _change_manifest(storage.directory, 2, message="Something else.")
    assert _run_verify(storage, keys, "--mark", str(mark)).returncode == 1
    assert _verified_at(storage) == 5
    assert _run_verify(storage, keys, "--mark", str(tmp_path / "nowhere/clean")).returncode == 1


def test_a_damaged_file_is_never_a_wrong_answer(storage: StorageProcess) -> None:
    asyncio.run(_fill(storage))
    path = _version(storage.directory, 2)
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
    asyncio.run(_fill(storage))
    storage.kill()
    path = _site(storage.directory) / name
    path.write_bytes(path.read_bytes()[:-3])
    storage.start()

    kind, *number = name.replace("s/000000/", " ").split()

    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            for damaged_call in (lambda: worker.head("bakery"), lambda: worker.announce("bakery", 9, "w")):
                with pytest.raises(PageWrightError, match="damaged"):
                    await damaged_call()
            assert (await worker.announce("butcher", 1, "w")).fence == 1
            (told,) = (await api.status()).damaged
            assert (told.kind, told.number) == (kind, int(number[0]) if number else None)

    asyncio.run(play())
