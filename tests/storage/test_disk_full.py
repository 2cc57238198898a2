"""A disk that is full: a clear error, nothing half done, and everything works again once there is space.

A limit on the size of the daemon's files stands in for the disk: it needs no root, and fails in the same places.
"""

import asyncio
import hashlib
import os
import resource
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from daemons.storage.blobs import Blobs
from daemons.storage.verify import verify_directory
from shared.domain.errors import InsufficientStorage
from shared.domain.vocabulary import Slot
from tests.storage.conftest import PlainHttp
from tests.support.manifests import TRUSTED_KEYS, commit_version, fill_site, put_version_blobs, signed_manifest
from tests.support.storage_process import StorageProcess


def _limit_files(storage: StorageProcess, size: int) -> None:
    resource.prlimit(storage.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_full_disk_refuses_and_recovers(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            await fill_site(worker, 2)
            await api.deploy("bakery", Slot.CURRENT, 1, "ana")
            before = await worker.head("bakery")
            artifact, public = await put_version_blobs(worker, 3)
            third = signed_manifest(3, artifact=artifact, public=public)
            data = os.urandom(5 << 20)
            _limit_files(storage, 50)
            attempts = (
                worker.put_blob(data),
                worker.commit(third),
                api.deploy("bakery", Slot.CURRENT, 2, "ana"),
                worker.announce("bakery", 2, "worker-2"),
                worker.announce("butcher", 1, "worker-2"),
            )
            for attempt in attempts:
                with pytest.raises(InsufficientStorage, match="full"):
                    await attempt
            assert not list((storage.directory / "incoming").iterdir())
            assert await worker.head("bakery") == before
            assert (await worker.versions("bakery"))[0][0].number == 2
            _limit_files(storage, resource.RLIM_INFINITY)
            assert await worker.commit(third) == third
            assert (await worker.put_blob(data)).size == len(data)
            assert (await api.deploy("bakery", Slot.CURRENT, 2, "ana")).number == 2
            await worker.announce("bakery", 2, "worker-2")
            await commit_version(worker, 4, fence=2)

    asyncio.run(play())
    assert verify_directory(storage.directory, TRUSTED_KEYS) == []


def test_a_large_blob_that_stops_fitting_leaves_nothing(storage: StorageProcess) -> None:
    """The disk is full in mid-upload, after some pieces were written."""

    async def play() -> None:
        async with storage.client() as worker:
            _limit_files(storage, 3 << 20)
            with pytest.raises(InsufficientStorage):
                await worker.put_blob(os.urandom(8 << 20))

    asyncio.run(play())
    assert not list((storage.directory / "incoming").iterdir())
    assert not list((storage.directory / "blobs").glob("*/*"))


def test_no_blob_takes_what_is_reserved_for_claims_and_rollbacks(storage: StorageProcess, plain: PlainHttp) -> None:
    """One whose size nobody promised, as many that arrive at once: 50 MiB, where 36 are to be had."""
    storage.stop()
    disk = ["--size", str(100 << 20), "--tmpfs", str(storage.directory)]
    storage.launcher = ["bwrap", "--die-with-parent", "--dev-bind", "/", "/", *disk, "--"]
    storage.start()
    sha256 = hashlib.sha256(bytes(50 << 20)).hexdigest()

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(50):
            yield bytes(1 << 20)

    async def play() -> None:
        assert (await plain.ask("worker", "PUT", f"/v1/blobs/{sha256}", content=pieces())).status_code == 507
        async with storage.client() as worker:
            await fill_site(worker, 2)

    asyncio.run(play())


def test_blobs_leave_space_for_claims_and_rollbacks(tmp_path: Path) -> None:
    """Blobs stop before the disk is full to the last byte; bytes that are here already are still welcome."""
    (tmp_path / "incoming").mkdir()

    async def put(reserved: int) -> bool:
        async def body() -> AsyncIterator[bytes]:
            yield b"hello"

        blobs = Blobs(tmp_path / "blobs", tmp_path / "incoming", reserved)
        return (await blobs.receive(hashlib.sha256(b"hello").hexdigest(), 5, body()))[1]

    with pytest.raises(OSError, match="too little space"):
        asyncio.run(put(1 << 60))
    assert asyncio.run(put(0))
    assert not asyncio.run(put(1 << 60))
