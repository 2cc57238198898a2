"""kill -9 at any instruction (I3, I4): what was acknowledged is there, nothing is half there, numbers have no gap."""

import asyncio
import random
import threading
import time
from contextlib import suppress

from daemons.storage.verify import verify_directory
from shared.clients.storage import StorageClient
from shared.domain.errors import PageWrightError
from shared.domain.manifest import Blob, Manifest
from shared.domain.vocabulary import Deployment, Slot, new_id
from tests.support.manifests import TRUSTED_KEYS, commit_version
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until

_SITES = ("bakery", "butcher", "cafe")


class _Acknowledged:
    """What storage said is durable."""

    def __init__(self) -> None:
        self.manifests: list[Manifest] = []
        self.deployments: list[Deployment] = []
        self.blobs: list[Blob] = []


async def _hammer_site(client: StorageClient, site: str, seen: _Acknowledged) -> None:
    """Commit and deploy as fast as possible until storage is gone, each job under a new fence."""
    head = await client.head(site)
    fence, number = head.fence, (head.latest or 0) + 1
    while True:
        fence += 1
        await client.announce(site, fence, "worker-1")
        seen.manifests.append(await commit_version(client, number, site=site, fence=fence))
        seen.deployments.append(await client.deploy(site, Slot.PREVIEW, number, "worker-1", fence))
        number += 1


async def _hammer_blobs(client: StorageClient, seen: _Acknowledged, seed: int) -> None:
    source = random.Random(seed)
    while True:
        seen.blobs.append(await client.put_blob(source.randbytes(3_000_000)))


async def _hammer(storage: StorageProcess, seen: _Acknowledged, seed: int) -> None:
    async with storage.client(restart_seconds=0) as client:
        work = [_hammer_site(client, site, seen) for site in _SITES] + [_hammer_blobs(client, seen, seed)]
        results = await asyncio.gather(*work, return_exceptions=True)
    assert all(isinstance(result, PageWrightError) for result in results), results


def _kill_later(storage: StorageProcess, seen: _Acknowledged, before: int, delay: float) -> None:
    """A moment after the round's first commit was acknowledged, however slow the machine is."""
    wait_until(lambda: len(seen.manifests) > before, "a commit is acknowledged")
    time.sleep(delay)
    storage.kill()


async def _check(storage: StorageProcess, seen: _Acknowledged) -> None:
    async with storage.client("api") as client:
        for manifest in seen.manifests:
            assert await client.version(manifest.site, manifest.number) == manifest
            assert await client.version_of_job(manifest.site, manifest.job) == manifest
        for site in _SITES:
            listed, _ = await client.deployments(site, limit=1000)
            assert [item for item in reversed(seen.deployments) if item.site == site] == [
                item for item in listed if item in seen.deployments
            ]
            assert (await client.head(site)).slots.get(Slot.PREVIEW) == (listed[0] if listed else None)
        for blob in seen.blobs:
            assert len(await client.get_blob(blob.sha256, blob.size)) == blob.size


def test_whatever_was_acknowledged_survives_being_killed_again_and_again(storage: StorageProcess) -> None:
    seen = _Acknowledged()
    delays = random.Random(4)
    for seed in range(6):
        before, delay = len(seen.manifests), delays.uniform(0.03, 0.5)
        killer = threading.Thread(target=_kill_later, args=(storage, seen, before, delay))
        killer.start()
        asyncio.run(_hammer(storage, seen, seed))
        killer.join()
        storage.start()
        assert not list((storage.directory / "incoming").iterdir())
        asyncio.run(_check(storage, seen))
    assert seen.manifests and seen.deployments and seen.blobs
    assert verify_directory(storage.directory, TRUSTED_KEYS) == []


def test_a_commit_without_an_answer_is_adopted_or_made_once(storage: StorageProcess) -> None:
    """I3: the same job is committed again after each crash, and never makes two versions."""

    async def commit(number: int, job: str, **options: tuple[float, ...]) -> Manifest:
        async with storage.client(**options) as client:
            await client.announce("bakery", 1, "worker-1")
            return await commit_version(client, number, job=job)

    async def numbers() -> list[int]:
        async with storage.client() as client:
            return [manifest.number for manifest in (await client.versions("bakery"))[0]]

    delays = random.Random(7)
    for number in range(1, 7):
        job = new_id()
        killer = threading.Timer(delays.uniform(0.0, 0.02), storage.kill)
        killer.start()
        with suppress(PageWrightError):
            asyncio.run(commit(number, job, restart_seconds=0))
        killer.join()
        storage.start()
        assert asyncio.run(commit(number, job)).number == number
        assert asyncio.run(numbers()) == list(range(number, 0, -1))
    assert verify_directory(storage.directory, TRUSTED_KEYS) == []
