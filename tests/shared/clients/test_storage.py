"""The storage client against the real daemon: what it verifies, repeats, and reports."""

import asyncio
import hashlib

import pytest

from shared.clients.storage import StorageClient
from shared.domain.errors import Conflict, NotFound, NotSignedIn, PageWrightError, StaleFence, TooLarge, Unavailable
from shared.domain.vocabulary import Slot, new_id
from tests.support.manifests import commit_version, fill_site, put_version_blobs, signed_manifest
from tests.support.storage_process import StorageProcess


def test_every_call_of_one_version_life(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api, storage.client("deployer") as deployer:
            await worker.ping()
            first, second = await fill_site(worker, 2)
            assert await deployer.version("bakery", 1) == first
            assert await api.versions("bakery") == ([second, first], None)
            assert await worker.version_of_job("bakery", first.job) == first
            assert await worker.version_of_job("bakery", second.job) == second
            assert await worker.version_of_job("bakery", new_id()) is None
            preview = await worker.deploy("bakery", Slot.PREVIEW, 2, "worker-1", 1)
            current = await api.deploy("bakery", Slot.CURRENT, 1, "ana")
            assert await deployer.deployments("bakery") == ([current, preview], None)
            head = await deployer.head("bakery")
            assert (head.latest, head.stamp, head.fence) == (2, 1002, 1)
            assert head.slots == {Slot.PREVIEW: preview, Slot.CURRENT: current}
            assert await api.sites() == ([head], None)

    asyncio.run(play())


def test_blobs_are_verified_bounded_and_looked_up(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client() as worker:
            data = bytes(range(256)) * 20_000
            blob = await worker.put_blob(data)
            assert blob == await worker.put_blob(data)
            assert await worker.get_blob(blob.sha256, len(data)) == data
            assert await worker.has_blob(blob.sha256)
            with pytest.raises(TooLarge):
                await worker.get_blob(blob.sha256, len(data) - 1)
            absent = hashlib.sha256(b"absent").hexdigest()
            assert not await worker.has_blob(absent)
            with pytest.raises(NotFound):
                await worker.get_blob(absent, 10)
            path = storage.directory / "blobs" / blob.sha256[:2] / blob.sha256
            path.write_bytes(data[:-1] + b"!")
            with pytest.raises(PageWrightError, match="damaged"):
                await worker.get_blob(blob.sha256, len(data))

    asyncio.run(play())


def test_stale_fence_tells_the_highest_one(storage: StorageProcess) -> None:
    """I2: the worker can draw its next fence above the one in the exception."""

    async def play() -> None:
        async with storage.client() as worker:
            await worker.announce("bakery", 7, "worker-1")
            with pytest.raises(StaleFence) as caught:
                await worker.announce("bakery", 6, "worker-2")
            assert caught.value.fence == 7

    asyncio.run(play())


def test_a_crowd_does_not_hide_that_storage_is_there(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client("deployer") as client:
            cursor = (await client.changes(None, 0)).cursor
            crowd = [asyncio.ensure_future(client.changes(cursor, 30)) for _ in range(40)]
            await asyncio.sleep(0)
            await asyncio.wait_for(client.ping(), 10)
            assert not any(call.done() for call in crowd)
            for call in crowd:
                call.cancel()
            await asyncio.gather(*crowd, return_exceptions=True)

    asyncio.run(play())


def test_calls_outlast_a_restart_of_storage(storage: StorageProcess) -> None:
    """Reads, claims, blobs and commits wait for storage to come back; kept-alive connections of before are no trap."""

    async def play() -> None:
        async with storage.client() as worker:
            await fill_site(worker, 1)
            storage.kill()
            claim = worker.announce("bakery", 1, "worker-1")
            waiting = asyncio.gather(worker.head("bakery"), claim, commit_version(worker, 2))
            await asyncio.to_thread(storage.start)
            _, _, manifest = await waiting
            assert (await worker.head("bakery")).latest == manifest.number == 2

    asyncio.run(play())


def test_unreachable_storage_is_unavailable(storage: StorageProcess) -> None:
    storage.kill()

    async def play() -> None:
        async with storage.client(restart_seconds=0.03) as worker:
            with pytest.raises(Unavailable):
                await worker.head("bakery")
            with pytest.raises(Unavailable):
                await worker.deploy("bakery", Slot.CURRENT, 1, "ana")

    asyncio.run(play())


def test_a_wrong_token_and_a_wrong_number_are_reported_as_they_are(storage: StorageProcess) -> None:
    async def play() -> None:
        async with StorageClient(storage.address, "nobody") as stranger:
            with pytest.raises(NotSignedIn):
                await stranger.ping()
        async with storage.client() as worker:
            await worker.announce("bakery", 1, "worker-1")
            artifact, public = await put_version_blobs(worker, 2)
            with pytest.raises(Conflict, match="number is 1"):
                await worker.commit(signed_manifest(2, artifact=artifact, public=public))

    asyncio.run(play())
