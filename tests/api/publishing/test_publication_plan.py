"""What publishing would change is asked of storage in one request, and each list of files is read once."""

import asyncio
from pathlib import Path

from shared.domain.vocabulary import Slot
from tests.support.counted_sites import add_site, signed_in
from tests.support.storage_process import StorageProcess


def test_a_plan_asks_storage_once_and_reads_each_list_of_files_once(
    redis_url: str, storage: StorageProcess, tmp_path: Path
) -> None:
    async def play() -> None:
        async with signed_in(redis_url, storage, tmp_path) as (api, ana):
            await add_site(api.services, storage, ana, "zoo", 3)
            await api.services.storage.deploy("zoo", Slot.CURRENT, 3, "ana@example.org")
            page, first = await api.get("/sites/zoo/versions/1/publish")
            assert (page.status_code, "What looks different" in page.text) == (200, True)
            _, again = await api.get("/sites/zoo/versions/1/publish")
            assert (first.storage, again.storage) == (3, 1), "what lies between two versions never changes"

    asyncio.run(play())
