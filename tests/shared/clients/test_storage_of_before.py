"""During an upgrade storage may be of the release before: what it does not know is asked of it in the old way."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from daemons.storage.app import storage_app
from daemons.storage.bearer_auth import BearerAuth, ServiceRole
from daemons.storage.directory import Directory
from shared.clients.storage import StorageClient
from shared.domain.claimed_site import ClaimedSite
from shared.domain.desired_version import DesiredVersion
from shared.domain.errors import Conflict, NotFound
from shared.domain.signing import manifest_digest
from shared.domain.vocabulary import Slot, new_id
from shared.runtime.http_server import HttpServer
from tests.support.daemon_process import short_directory
from tests.support.manifests import fill_site

# What the release before does not know: these addresses, and the job of a claim.
NEW_ADDRESSES = {"/v1/heads", "/v1/sites/{site}/overview", "/v1/sites/{site}/desired"}


@asynccontextmanager
async def storage_server(
    folder: Path, without: set[str], role: ServiceRole = ServiceRole.WORKER
) -> AsyncIterator[StorageClient]:
    """Storage that does not know some addresses, and a client of it; a worker may do everything but publish."""
    token, address = secrets.token_hex(16), f"unix:{folder}/{len(without)}.sock"
    tokens = {role: f"{role}-{token}" for role in ServiceRole}
    directory = Directory(folder / "data")
    app = storage_app(directory, BearerAuth(tokens), None)
    app.router.routes = [route for route in app.routes if isinstance(route, Route) and route.path not in without]
    server = HttpServer(nameless_claims(app) if without else app, address)
    serving = asyncio.create_task(server.run_until_stopped())
    try:
        async with StorageClient(address, tokens[role]) as client:
            yield client
    finally:
        server.should_exit = True
        await serving
        directory.close()


def nameless_claims(app: ASGIApp) -> ASGIApp:
    """The application, blind to the job of a claim."""

    async def blind(scope: Scope, receive: Receive, send: Send) -> None:
        is_claim = scope.get("path", "").endswith("/claims")
        await app({**scope, "query_string": b""} if is_claim else scope, receive, send)

    return blind


@pytest.mark.parametrize("without", [set(), NEW_ADDRESSES], ids=["this release", "the release before"])
def test_a_claim_tells_the_same_with_storage_of_the_release_before(without: set[str]) -> None:
    """The head, what slots are to show, and the version that the job has made; a worker of before hears the head."""

    async def play(folder: Path) -> None:
        async with storage_server(folder, without) as client:
            first, second = await fill_site(client, 2)
            shown = await client.deploy("bakery", Slot.PREVIEW, 1, "worker-1", 1)
            for fence, made in enumerate((first, second), 2):
                claimed = await client.announce("bakery", fence, "worker-2", made.job)
                assert claimed == ClaimedSite(head=await client.head("bakery"), made=made)
                assert (claimed.head.fence, claimed.head.slots) == (fence, {Slot.PREVIEW: shown})
            assert (await client.announce("bakery", 4, "worker-2", new_id())).made is None
            assert await client.announce("bakery", 4, "worker-2") == ClaimedSite(head=await client.head("bakery"))
            unseen = await client.announce("unseen", 1, "worker-2", new_id())
            assert unseen == ClaimedSite(head=await client.head("unseen"))

    with short_directory() as folder:
        asyncio.run(play(folder))


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


@pytest.mark.parametrize("without", [set(), NEW_ADDRESSES], ids=["this release", "the release before"])
def test_publishing_is_the_same_with_storage_of_the_release_before(without: set[str]) -> None:
    async def publish(client: StorageClient, version: int, **more: object) -> DesiredVersion:
        return await client.desire("bakery", Slot.CURRENT, version, "ana", accept_failed_checks=False, **more)

    async def play(folder: Path) -> None:
        async with storage_server(folder, set()) as client:
            made = await fill_site(client, 2)
        async with storage_server(folder, without, ServiceRole.API) as client:
            first = await publish(client, 1, expected=0)
            assert (first.before, first.is_new, first.manifest) == (None, True, manifest_digest(made[0]))
            assert first.home == hashlib.sha256(b"<!doctype html><title>Version 1</title>").hexdigest()
            again = await publish(client, 1, expected=0)
            assert (again.deployment, again.is_new) == (first.deployment, False)
            with pytest.raises(Conflict, match="you had seen none there"):
                await publish(client, 2, expected=0)
            second = await publish(client, 2, expected=1)
            assert (second.before, second.is_new) == (first.deployment, True)
            with pytest.raises(NotFound, match="There is no version 3 of this site"):
                await publish(client, 3)
            shown = (await client.head("bakery")).slots
            assert shown == {Slot.CURRENT: second.deployment}

    with short_directory() as folder:
        asyncio.run(play(folder))
