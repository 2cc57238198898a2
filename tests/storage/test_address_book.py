"""The list of all addresses: no two sites get the same one, deployers hear of a move, and damage harms one site."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemons.storage.address_book import AddressBook
from daemons.storage.directory import Directory
from daemons.storage.fences import FenceClaim
from shared.domain.errors import Conflict, NotFound, PageWrightError
from shared.domain.site_address import AddressMove, SiteAddress
from tests.storage.conftest import PlainHttp
from tests.support.manifests import fill_site
from tests.support.storage_process import StorageProcess

SITES = ("bakery", "butcher", "cafe")


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Directory]:
    directory = Directory(tmp_path / "data")
    for site in SITES:
        asyncio.run(directory.claim(site, FenceClaim(fence=1, holder="w")))
    yield directory
    directory.close()


def asked(address: str, expected: str, days: int | None = 30) -> AddressMove:
    until = None if days is None else datetime.now(UTC) + timedelta(days=days)
    return AddressMove(address=address, forward_until=until, by="ana", expected=expected)


def move(book: AddressBook, site: str, address: str, expected: str, days: int | None = 30) -> SiteAddress:
    return asyncio.run(book.move(site, asked(address, expected, days)))[0]


def told(book: AddressBook) -> dict[str, str]:
    return {one.site: one.address for one in asyncio.run(book.list()).items}


def test_sites_that_moved_are_told_and_a_restart_reads_them_again(directory: Directory) -> None:
    book = AddressBook(directory)
    empty = asyncio.run(book.list())
    move(book, "cafe", "kaffee", "cafe")
    move(book, "bakery", "brot", "bakery")
    move(book, "cafe", "cafe", "kaffee")
    assert told(book) == told(AddressBook(directory)) == {"bakery": "brot", "cafe": "cafe"}
    assert asyncio.run(book.list()) == asyncio.run(AddressBook(directory).list())
    assert asyncio.run(book.list()).digest != empty.digest


def test_no_two_sites_get_one_address(directory: Directory) -> None:
    """Neither another's name, nor its address, nor one that still leads to it; one that leads no more is free."""
    book = AddressBook(directory)
    move(book, "bakery", "brot", "bakery", days=30)
    move(book, "bakery", "laden", "brot", days=0)
    for taken in ("butcher", "bakery", "laden"):
        with pytest.raises(Conflict, match=f"Another site has the address {taken}"):
            move(book, "cafe", taken, "cafe")
    assert move(book, "cafe", "brot", "cafe").address == "brot"
    assert move(book, "bakery", "bakery", "laden").address == "bakery", "a site's own name stays its own"
    with pytest.raises(NotFound):
        move(book, "unknown", "x", "unknown")


def test_of_two_sites_that_want_one_address_at_once_one_gets_it(directory: Directory) -> None:
    book = AddressBook(directory)

    async def both() -> list[object]:
        wanted = [book.move(site, asked("brot", site)) for site in SITES]
        return list(await asyncio.gather(*wanted, return_exceptions=True))

    results = asyncio.run(both())
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Conflict", "tuple"]


def test_the_feed_tells_of_a_move_apart_from_versions(directory: Directory) -> None:
    """So that no deployer looks at all files of the site."""
    book = AddressBook(directory)

    async def play() -> None:
        cursor = (await directory.changes.since("", 0)).cursor
        await book.move("cafe", asked("kaffee", "cafe"))
        changed = await directory.changes.since(cursor, 0)
        assert (changed.sites, directory.changes.moved(cursor)) == ((), ("cafe",))
        assert directory.changes.moved(changed.cursor) == directory.changes.moved("unknown") == ()

    asyncio.run(play())


def test_a_damaged_record_spoils_no_other_and_counts_again_once_repaired(directory: Directory) -> None:
    book = AddressBook(directory)
    move(book, "bakery", "brot", "bakery")
    move(book, "cafe", "kaffee", "cafe")
    record = directory.folder("cafe") / "addresses/000000/1"
    whole = record.read_bytes()
    record.write_bytes(b"{}")
    book = AddressBook(directory)
    listed = asyncio.run(book.list())
    assert (told(book), listed.unreadable) == ({"bakery": "brot"}, ("cafe",))
    with pytest.raises(PageWrightError, match="damaged"):
        move(book, "cafe", "mokka", "kaffee")
    status = directory.status(None)
    assert [(one.site, one.kind, one.number) for one in status.damaged] == [("cafe", "address", 1)]
    record.write_bytes(whole)
    assert told(book) == {"bakery": "brot", "cafe": "kaffee"}
    assert asyncio.run(book.list()).unreadable == ()


def test_a_move_that_may_have_been_written_is_read_from_the_disk(directory: Directory) -> None:
    """After a full disk, say: the list never tells what the disk does not."""
    book = AddressBook(directory)
    move(book, "cafe", "kaffee", "cafe")
    incoming = directory.folder("cafe").parent.parent / "incoming"
    incoming.rmdir()
    with pytest.raises(PageWrightError):
        move(book, "cafe", "mokka", "kaffee")
    incoming.mkdir()
    assert told(book) == {"cafe": "kaffee"}
    assert move(book, "cafe", "mokka", "kaffee").number == 2


def test_what_is_no_address_and_no_time_is_refused(storage: StorageProcess, plain: PlainHttp) -> None:
    body = {"address": "brot", "forward_until": None, "by": "ana", "expected": "bakery"}
    soon = (datetime.now(UTC) + timedelta(days=1)).replace(tzinfo=None).isoformat()

    async def play() -> None:
        async with storage.client() as worker:
            await fill_site(worker, 1)
        path = "/v1/sites/bakery/addresses"
        for wrong in ({"address": "a--b"}, {"address": "../etc"}, {"by": ""}, {"forward_until": soon}, {"more": 1}):
            assert (await plain.ask("api", "POST", path, json=body | wrong)).status_code == 422, wrong
        without = {name: value for name, value in body.items() if name != "forward_until"}
        assert (await plain.ask("api", "POST", path, json=without)).status_code == 422, "for ever is said, not left out"
        assert (await plain.ask("api", "GET", "/v1/addresses?known=x")).status_code == 422
        before = (await plain.ask("deployer", "GET", "/v1/changes")).json()["cursor"]
        assert (await plain.ask("api", "POST", path, json=body)).status_code == 201
        assert (await plain.ask("api", "POST", path, json=body)).status_code == 200
        old = await plain.ask("deployer", "GET", f"/v1/changes?since={before}&news=1&wished=1")
        assert set(old.json()) == {"cursor", "sites", "reset"}, "a deployer of the release before"

    asyncio.run(play())
