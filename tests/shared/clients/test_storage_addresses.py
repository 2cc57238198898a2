"""Moving a site and the list of addresses, over the wire, and what a storage of the release before answers."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemons.storage.bearer_auth import ServiceRole
from shared.domain.errors import Conflict, NotFound
from tests.shared.clients.test_storage_of_before import storage_server
from tests.support.daemon_process import short_directory
from tests.support.manifests import fill_site
from tests.support.storage_process import StorageProcess

UNTIL = datetime(2190, 1, 1, tzinfo=UTC)


def test_a_move_wakes_a_waiting_deployer_which_gets_the_list_once(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api, storage.client("deployer") as deployer:
            await fill_site(worker, 1)
            listed = await deployer.addresses()
            assert listed is not None and listed.items == ()
            assert await deployer.addresses(listed.digest) is None
            cursor = (await deployer.changes(None, 0)).cursor
            polling = asyncio.create_task(deployer.changes(cursor, 60))
            moved = await api.move_address("bakery", "brot", UNTIL, "ana", "bakery")
            told = await polling
            assert (told.moved, told.sites, told.reset) == (("bakery",), (), False)
            assert (moved.number, moved.address, moved.former[0].until) == (1, "brot", UNTIL)
            listed = await deployer.addresses(listed.digest)
            assert listed is not None and listed.items == (moved,)
            assert await api.move_address("bakery", "brot", None, "bob", "bakery") == moved, "a double click"
            with pytest.raises(Conflict, match="ana moved the site to brot"):
                await api.move_address("bakery", "laden", UNTIL, "bob", "bakery")
            storage.kill()
            storage.start()
            assert await deployer.addresses(listed.digest) is None

    asyncio.run(play())


def test_a_storage_of_the_release_before_knows_no_addresses() -> None:
    async def play(folder: Path) -> None:
        without = {"/v1/addresses", "/v1/sites/{site}/addresses"}
        async with storage_server(folder, without, ServiceRole.API) as client:
            with pytest.raises(NotFound):
                await client.addresses()
            with pytest.raises(NotFound):
                await client.move_address("bakery", "brot", None, "ana", "bakery")

    with short_directory() as folder:
        asyncio.run(play(folder))
