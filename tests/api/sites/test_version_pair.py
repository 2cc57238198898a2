"""Whoever compares names two versions, one, or none; they come in their order."""

import asyncio

import pytest

from daemons.api.accounts.site_access import OwnedSite, SiteRow
from daemons.api.sites.version_pair import read_pair
from shared.clients.storage import StorageClient
from shared.domain.errors import NotFound
from shared.domain.vocabulary import Slot
from tests.api.small_database import ANA, NOW
from tests.support.manifests import fill_site
from tests.support.storage_process import StorageProcess

BAKERY = OwnedSite(
    SiteRow(name="bakery", title="Bakery", template=None, owner_id=ANA.id, owner=ANA.email, created_at=NOW), ANA
)


async def numbers(client: StorageClient, earlier: int | None, later: int | None) -> tuple[int, int]:
    pair = await read_pair(client, BAKERY, earlier, later)
    assert pair.newest == 4
    return pair.earlier.number, pair.later.number


def test_what_visitors_see_is_compared_with_the_newest(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as client:
            await fill_site(worker, 4)
            assert await numbers(client, None, None) == (3, 4), "nothing is public: its parent"
            await client.deploy("bakery", Slot.CURRENT, 2, "ana")
            assert await numbers(client, None, None) == (2, 4)
            assert (await read_pair(client, BAKERY, None, None)).public == 2
            assert await numbers(client, None, 2) == (1, 2), "what is public differs from its parent"
            assert await numbers(client, None, 1) == (1, 2), "in their order"
            assert await numbers(client, 3, None) == (3, 4)
            assert await numbers(client, 3, 1) == (1, 3)
            assert await numbers(client, 1, 1) == (1, 1)
            with pytest.raises(NotFound):
                await numbers(client, 9, 1)

    asyncio.run(play())


@pytest.mark.parametrize(("versions", "said"), [(0, "no version yet"), (1, "Version 1 has none before it")])
def test_one_version_is_not_compared(storage: StorageProcess, versions: int, said: str) -> None:
    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as client:
            await fill_site(worker, versions)
            with pytest.raises(NotFound, match=said):
                await read_pair(client, BAKERY, None, None)

    asyncio.run(play())
