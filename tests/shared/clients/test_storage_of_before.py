"""During an upgrade storage may be of the release before: what it does not know is asked of it in the old way."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.routing import Route

from daemons.storage.app import storage_app
from daemons.storage.bearer_auth import BearerAuth, Role
from daemons.storage.directory import Directory
from shared.clients.storage import StorageClient
from shared.domain.vocabulary import Slot
from shared.runtime.http_server import HttpServer
from tests.support.daemon_process import short_directory
from tests.support.manifests import fill_site

NEW_ADDRESSES = {"/v1/heads", "/v1/sites/{site}/overview"}


@asynccontextmanager
async def storage_server(folder: Path, without: set[str]) -> AsyncIterator[StorageClient]:
    """Storage that does not know some addresses, and a client of it that may do everything but publish."""
    token, address = secrets.token_hex(16), f"unix:{folder}/{len(without)}.sock"
    tokens = {role: f"{role}-{token}" for role in Role}
    directory = Directory(folder / "data")
    app = storage_app(directory, BearerAuth(tokens), None)
    app.router.routes = [route for route in app.routes if isinstance(route, Route) and route.path not in without]
    server = HttpServer(app, address)
    serving = asyncio.create_task(server.run_until_stopped())
    try:
        async with StorageClient(address, tokens[Role.WORKER]) as client:
            yield client
    finally:
        server.should_exit = True
        await serving
        directory.close()


def test_lists_are_the_same_with_storage_of_the_release_before() -> None:
    async def play(folder: Path) -> None:
        names = ["good", "hurt", "unseen"]
        async with storage_server(folder, set()) as client:
            await fill_site(client, 2, site="good")
            await client.deploy("good", Slot.PREVIEW, 2, "worker-1", 1)
            await fill_site(client, 1, site="hurt")
        (folder / "data/sites/hurt/versions/000000/1").write_bytes(b"damaged")
        async with storage_server(folder, set()) as client:
            expected = await client.summaries(names)
        assert [summary.head.site for summary in expected.items] == ["good", "unseen"]
        assert expected.unreadable == ("hurt",)
        async with storage_server(folder, NEW_ADDRESSES) as client:
            assert await client.summaries(names) == expected

    with short_directory() as folder:
        asyncio.run(play(folder))


def test_the_page_of_a_site_is_the_same_with_storage_of_the_release_before() -> None:
    async def play(folder: Path) -> None:
        async with storage_server(folder, set()) as client:
            made = await fill_site(client, 5)
            await client.deploy("bakery", Slot.PREVIEW, 2, "worker-1", 1)
            overview = await client.overview("bakery", 2, [1, 5, 77])
            assert overview.head == await client.head("bakery")
            assert overview.versions == (made[4], made[3])
            assert overview.next == 4
            assert overview.others == (made[0], made[1])
            unseen = await client.overview("unseen", 2)
            assert (unseen.head.latest, unseen.versions, unseen.next, unseen.others) == (None, (), None, ())
        async with storage_server(folder, NEW_ADDRESSES) as client:
            assert await client.overview("bakery", 2, [1, 5, 77]) == overview
            assert await client.overview("unseen", 2) == unseen

    with short_directory() as folder:
        asyncio.run(play(folder))
