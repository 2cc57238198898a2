"""I1 and I2 under competition: one winner for each number, and nothing from a worker that lost its claim."""

import asyncio

import pytest

from shared.domain.errors import Conflict, StaleFence
from shared.domain.manifest import Manifest
from shared.domain.vocabulary import Slot
from tests.storage.conftest import PlainHttp
from tests.support.manifests import commit_version, fill_site, put_version_blobs, signed_manifest
from tests.support.storage_process import StorageProcess


def test_sixteen_writers_of_one_number_have_one_winner(storage: StorageProcess) -> None:
    """I1"""

    async def play() -> None:
        async with storage.client() as worker:
            await worker.announce("bakery", 1, "worker-1")
            for number in range(1, 6):
                artifact, public = await put_version_blobs(worker, number)
                rivals = [signed_manifest(number, artifact=artifact, public=public) for _ in range(16)]
                results = await asyncio.gather(*map(worker.commit, rivals), return_exceptions=True)
                winners = [result for result in results if isinstance(result, Manifest)]
                assert len(winners) == 1
                assert sum(isinstance(result, Conflict) for result in results) == 15
                assert await worker.version("bakery", number) == winners[0]

    asyncio.run(play())


def test_sixteen_claims_of_one_fence_have_one_holder(storage: StorageProcess) -> None:
    """I2"""

    async def play() -> None:
        async with storage.client() as worker:
            claims = [worker.announce("bakery", 5, f"worker-{index}") for index in range(16)]
            results = await asyncio.gather(*claims, return_exceptions=True)
            assert sum(isinstance(result, StaleFence) for result in results) == 15

    asyncio.run(play())


def test_a_worker_that_lost_its_claim_changes_nothing(storage: StorageProcess) -> None:
    """I2, also after a restart: neither a commit nor a deployment nor a renewed claim."""

    async def play() -> None:
        async with storage.client() as old, storage.client() as new:
            await fill_site(old, 1)
            artifact, public = await put_version_blobs(old, 2)
            late = signed_manifest(2, artifact=artifact, public=public)
            await new.announce("bakery", 2, "worker-2")
            for restart in (False, True):
                if restart:
                    storage.kill()
                    storage.start()
                attempts = (
                    old.commit(late),
                    old.deploy("bakery", Slot.PREVIEW, 1, "worker-1", 1),
                    old.announce("bakery", 1, "worker-1"),
                    old.announce("bakery", 2, "worker-1"),
                )
                for attempt in attempts:
                    with pytest.raises(StaleFence) as caught:
                        await attempt
                    assert caught.value.fence == 2
            head = (await new.announce("bakery", 2, "worker-2")).head  # the holder itself may repeat its claim
            assert (head.latest, head.fence, head.slots) == (1, 2, {})
            await commit_version(new, 2, fence=2)

    asyncio.run(play())


def test_a_fence_that_was_never_announced_is_refused(storage: StorageProcess) -> None:
    """I2: storage can't tell whether another worker holds a higher one."""

    async def play() -> None:
        async with storage.client() as worker:
            await fill_site(worker, 1)
            with pytest.raises(StaleFence):
                await commit_version(worker, 2, fence=9)
            with pytest.raises(StaleFence):
                await worker.deploy("bakery", Slot.PREVIEW, 1, "worker-1", 9)
            with pytest.raises(StaleFence):
                await commit_version(worker, 1, site="butcher")

    asyncio.run(play())


def test_a_refusal_is_a_problem_with_the_highest_fence(storage: StorageProcess, plain: PlainHttp) -> None:
    async def play() -> None:
        async with storage.client() as worker:
            await worker.announce("bakery", 7, "worker-1")
        answer = await plain.ask("worker", "POST", "/v1/sites/bakery/claims", json={"fence": 3, "holder": "w"})
        assert answer.headers["content-type"] == "application/problem+json"
        assert (answer.status_code, answer.json()["fence"]) == (412, 7)

    asyncio.run(play())
