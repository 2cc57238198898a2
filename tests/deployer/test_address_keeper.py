"""A site that moves, from storage to nginx: found at every moment, and left where it is if a host can't do it."""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemons.deployer.address_keeper import AddressKeeper
from daemons.deployer.address_marks import AddressMarks
from daemons.deployer.addresses import Marks, Serve
from shared.clients.storage import StorageClient
from shared.domain.site_address import SiteAddress
from shared.domain.vocabulary import Slot
from tests.shared.clients.test_storage_of_before import storage_server
from tests.support.daemon_process import short_directory
from tests.support.deployer_process import DeployerProcess, Publisher
from tests.support.manifests import fill_site
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until
from tests.support.web_server import WebServer

MONTH = timedelta(days=30)


def move(
    storage: StorageProcess, site: str, address: str, expected: str, forward: timedelta | None = MONTH
) -> SiteAddress:
    async def ask() -> SiteAddress:
        async with storage.client("api") as api:
            until = None if forward is None else datetime.now(UTC) + forward
            return await api.move_address(site, address, until, "ana", expected)

    return asyncio.run(ask())


def found(web: WebServer, label: str) -> str:
    """What a visitor gets: where they are sent, or the page's text."""
    answer = web.get(label)
    return answer.headers.get("location", answer.body.decode().strip())


def test_a_site_moves_on_and_back_and_what_it_left_leads_there_for_its_time(
    deployer: DeployerProcess, publisher: Publisher, storage: StorageProcess, web_server: WebServer
) -> None:
    """At a notice: the deployer compares everything once a minute only. A host from an empty disk shows the same."""
    for site in ("bakery", "cafe"):
        publisher.publish(site, {"index.html": site.encode()})
    deployer.start()
    deployer.wait_for("cafe", Slot.CURRENT, 1)
    move(storage, "bakery", "brot", "bakery")
    wait_until(lambda: found(web_server, "bakery") == "http://brot.sites.test/", "the old address leads to the new one")
    assert found(web_server, "brot") == "bakery"
    move(storage, "bakery", "laden", "brot", timedelta(seconds=2))
    wait_until(lambda: found(web_server, "bakery") == "http://laden.sites.test/", "the first one leads to the last one")
    wait_until(lambda: found(web_server, "brot") == "There is no such page here.", "the one between leads no more")
    assert found(web_server, "laden") == "bakery"
    publisher.publish("bakery", {"index.html": b"new"})
    wait_until(lambda: found(web_server, "laden") == "new", "what is published is seen there")

    move(storage, "cafe", "kaffee", "cafe")
    publisher.take_down("cafe")
    wait_until(
        lambda: found(web_server, "cafe") == "http://kaffee.sites.test/", "a site is taken down and moves at once"
    )
    wait_until(lambda: found(web_server, "kaffee") == "There is no such page here.", "and shows nothing there")
    assert deployer.stop() == 0
    for path in web_server.sites.iterdir():
        shutil.rmtree(path)
    deployer.start()
    wait_until(lambda: found(web_server, "laden") == "new", "a host from an empty disk has the address")
    wait_until(lambda: found(web_server, "bakery") == "http://laden.sites.test/", "and what leads there")
    move(storage, "bakery", "bakery", "laden")
    wait_until(lambda: found(web_server, "laden") == "http://bakery.sites.test/", "the site has come back")
    assert found(web_server, "bakery") == "new"


def test_a_folder_in_the_way_is_told_and_keeps_the_site_where_it_is(
    deployer: DeployerProcess, publisher: Publisher, storage: StorageProcess, web_server: WebServer
) -> None:
    """And no other site waits for that."""
    for site in ("bakery", "cafe"):
        publisher.publish(site, {"index.html": site.encode()})
    (web_server.sites / "brot").mkdir()
    (web_server.sites / "brot/notes").write_text("mine")
    deployer.start()
    deployer.wait_for("cafe", Slot.CURRENT, 1)
    move(storage, "bakery", "brot", "bakery")
    move(storage, "cafe", "kaffee", "cafe")
    wait_until(lambda: found(web_server, "cafe") == "http://kaffee.sites.test/", "the other one moves")
    assert (found(web_server, "bakery"), found(web_server, "brot")) == ("bakery", "There is no such page here.")
    assert (web_server.sites / "brot/notes").read_text() == "mine"
    assert "pagewright_sites_behind 1.0" in deployer.ask_admin("/metrics")[1]
    assert "A folder is in the way" in deployer.log.read_text()
    shutil.rmtree(web_server.sites / "brot")
    move(storage, "cafe", "mokka", "kaffee")
    wait_until(lambda: found(web_server, "bakery") == "http://brot.sites.test/", "it moves once nothing is in the way")
    wait_until(lambda: "pagewright_sites_behind 0.0" in deployer.ask_admin("/metrics")[1], "and is behind no more")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A host where `bakery` is found at `brot`."""
    AddressMarks(tmp_path).carry_out(Serve("bakery", "brot"))
    return tmp_path


@pytest.mark.parametrize("without", [{"/v1/addresses"}, set()], ids=["the release before", "an empty one"])
def test_a_storage_that_knows_nothing_of_it_changes_nothing(without: set[str], root: Path) -> None:
    async def play(folder: Path) -> None:
        async with storage_server(folder, without) as client:
            keeper = AddressKeeper(client, root, 60)
            await keeper.keep(datetime.now(UTC))
            told = set() if without else {"bakery"}
            assert {*keeper.behind} == keeper.older == AddressMarks(root).unknown() == told

    with short_directory() as folder:
        asyncio.run(play(folder))
    assert AddressMarks(root).read() == Marks(served={"brot": "bakery"}, targets=frozenset({"brot"}))


def test_while_storage_is_away_an_address_still_ends(storage: StorageProcess, tmp_path: Path) -> None:
    """What leads on for a month does so for no longer, whatever is away then."""

    async def play() -> None:
        async with storage.client() as worker:
            await fill_site(worker, 1)
        token = storage.tokens["deployer"]
        async with StorageClient(storage.address, token, restart_seconds=0) as client, storage.client("api") as api:
            moved = await api.move_address("bakery", "brot", datetime.now(UTC) + MONTH, "ana", "bakery")
            keeper = AddressKeeper(client, tmp_path, 60)
            await keeper.keep(moved.at)
            assert AddressMarks(tmp_path).read().moved == {"bakery": "brot"}
            storage.kill()
            await keeper.keep(moved.at + MONTH - timedelta(seconds=1))
            assert AddressMarks(tmp_path).read().moved == {"bakery": "brot"}
            await keeper.keep(moved.at + MONTH + timedelta(seconds=1))
            assert AddressMarks(tmp_path).read().moved == {"bakery": None}

    asyncio.run(play())
