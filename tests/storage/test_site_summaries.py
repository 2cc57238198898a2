"""What lists show of many sites at once: the same as each site tells, and one that is damaged spoils no other."""

import asyncio

from shared.domain.vocabulary import Slot
from tests.storage.conftest import PlainHttp
from tests.support.manifests import fill_site
from tests.support.storage_process import StorageProcess


def test_many_sites_are_told_at_once(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            newest = {name: (await fill_site(worker, count, site=name))[-1] for name, count in (("a", 1), ("b", 2))}
            await worker.deploy("b", Slot.PREVIEW, 1, "worker-1", 1)
            for _ in range(2):  # as remembered from the commit, and as read from disk
                told = await api.summaries(["b", "unseen", "a"])
                assert [summary.head for summary in told.items] == [
                    await api.head(name) for name in ("b", "unseen", "a")
                ]
                made = [newest["b"].created_at, None, newest["a"].created_at]
                assert [summary.made_at for summary in told.items] == made
                assert told.unreadable == ()
                storage.kill()
                storage.start()
            assert await api.summaries([]) == told.model_copy(update={"items": ()})

    asyncio.run(play())


def test_a_damaged_site_is_named_and_spoils_no_other(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            for name in ("good", "hurt"):
                await fill_site(worker, 1, site=name)
            storage.kill()
            (storage.directory / "sites/hurt/versions/000000/1").write_bytes(b"damaged")
            storage.start()
            told = await api.summaries(["good", "hurt"])
            assert [summary.head.site for summary in told.items] == ["good"]
            assert told.unreadable == ("hurt",)

    asyncio.run(play())


def test_names_that_are_none_or_too_many_are_refused(storage: StorageProcess, plain: PlainHttp) -> None:
    async def play() -> None:
        for names in ("", "a,,b", "../a", ",".join(f"s{number}" for number in range(101))):
            answer = await plain.ask("api", "GET", "/v1/heads", params={"sites": names})
            assert answer.status_code == 422, names
        assert (await plain.ask("api", "GET", "/v1/heads", params={"sites": "a"})).status_code == 200

    asyncio.run(play())
