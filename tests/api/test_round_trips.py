"""A page asks each store once, however much it shows: counted, not timed."""

import asyncio
from pathlib import Path

from daemons.api.sites.site_record import UNREADABLE
from tests.support.counted_sites import add_site, signed_in
from tests.support.round_trips import RoundTrips
from tests.support.storage_process import StorageProcess

SITES = 60


def test_a_list_of_sites_asks_storage_once(redis_url: str, storage: StorageProcess, tmp_path: Path) -> None:
    async def play() -> None:
        async with signed_in(redis_url, storage, tmp_path) as (api, ana):
            names = [f"site-{number:02d}" for number in range(SITES)]
            await asyncio.gather(*(add_site(api.services, storage, ana, name) for name in names))
            page, asked = await api.get("/sites")
            assert all(f"/sites/{name}" in page.text for name in names)
            assert asked == RoundTrips(sql=2, redis=0, storage=1)
            listed, asked = await api.get(f"/api/v1/sites?limit={SITES}")
            assert [(site["name"], site["latest"], site["slots"]) for site in listed.json()["items"]] == [
                (name, 1, {"preview": 1}) for name in names
            ]
            assert asked == RoundTrips(sql=2, redis=0, storage=1)

    asyncio.run(play())


def test_a_site_that_storage_can_not_read_is_told_and_spoils_no_list(
    redis_url: str, storage: StorageProcess, tmp_path: Path
) -> None:
    async def play() -> None:
        async with signed_in(redis_url, storage, tmp_path) as (api, ana):
            for name in ("good", "hurt"):
                await add_site(api.services, storage, ana, name)
            storage.kill()
            (storage.directory / "sites/hurt/versions/000000/1").write_bytes(b"damaged")
            storage.start()
            page, _ = await api.get("/sites")
            assert (page.status_code, page.text.count(UNREADABLE)) == (200, 1)
            good, hurt = (await api.get("/api/v1/sites"))[0].json()["items"]
            assert (good["latest"], "trouble" in good) == (1, False)
            assert (hurt["latest"], hurt["trouble"]) == (None, UNREADABLE)

    asyncio.run(play())
