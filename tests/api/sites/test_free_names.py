"""Other names for one that is taken: those that neither SQL nor storage knows."""

import asyncio
from pathlib import Path

from daemons.api.sites.free_names import free_names
from daemons.api.sites.site_labels import claim_label
from tests.api.small_database import ANA, NOW, small_database
from tests.support.manifests import fill_site
from tests.support.storage_process import StorageProcess


def test_names_addresses_and_what_storage_alone_knows_are_not_offered(storage: StorageProcess, tmp_path: Path) -> None:
    async def run() -> None:
        async with (
            small_database(tmp_path, "bakery", "bakery-2") as database,
            storage.client("api") as api,
            storage.client() as worker,
        ):
            await fill_site(worker, 1, site="bakery-3")
            async with database.writing() as connection:
                await claim_label(connection, "bakery-ana", "bakery", NOW)
            assert await free_names(database, api, ANA, "bakery") == ["bakery-4", "bakery-5"]

    asyncio.run(run())
