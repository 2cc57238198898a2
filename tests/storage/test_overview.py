"""What the page of a site shows, in one answer: what can't be read besides its newest versions is left out."""

import asyncio

from shared.domain.vocabulary import Slot
from tests.storage.conftest import PlainHttp
from tests.support.manifests import fill_site
from tests.support.storage_process import StorageProcess


def test_a_damaged_version_that_was_only_named_is_left_out(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            made = await fill_site(worker, 4)
            (storage.directory / "sites/bakery/versions/000000/1").write_bytes(b"damaged")
            told = await api.overview("bakery", 1, [1, 2])
            assert (told.versions, told.others) == ((made[3],), (made[1],))
            assert told.known == {4: made[3], 2: made[1]}

    asyncio.run(play())


def test_what_was_published_is_told_to_who_asks_for_it(storage: StorageProcess, plain: PlainHttp) -> None:
    """An api of the release before refuses a field that it does not know."""

    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            await fill_site(worker, 2)
            for version in (1, 2):
                await api.deploy("bakery", Slot.CURRENT, version, "ana")
            told = await api.overview("bakery", 1)
            assert [deployment.version for deployment in told.published] == [2, 1]
            answer = await plain.ask("api", "GET", "/v1/sites/bakery/overview")
            assert set(answer.json()) == {"head", "versions", "next", "others"}

    asyncio.run(play())


def test_numbers_that_are_none_or_too_many_are_refused(storage: StorageProcess, plain: PlainHttp) -> None:
    async def play() -> None:
        for numbers in ("a", "1,,2", "0", "-1", ",".join(map(str, range(1, 102)))):
            answer = await plain.ask("api", "GET", "/v1/sites/bakery/overview", params={"numbers": numbers})
            assert answer.status_code == 422, numbers

    asyncio.run(play())
