"""The feed of changes: what it tells, when it wakes, and when it says that a cursor is unknown."""

import asyncio

import httpx
import pytest

from daemons.storage.changes import ChangeFeed
from shared.domain.errors import NotFound
from shared.domain.signing import manifest_digest
from shared.domain.vocabulary import SiteNews, Slot
from tests.storage.conftest import PlainHttp
from tests.support.manifests import commit_version, fill_site
from tests.support.storage_process import StorageProcess


def test_versions_and_deployments_wake_a_waiting_poll(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client() as worker, storage.client("deployer") as deployer:
            await fill_site(worker, 1)
            first = await deployer.changes(None, 0)
            assert first.reset
            polling = asyncio.create_task(deployer.changes(first.cursor, 60))
            await commit_version(worker, 2)
            second = await polling
            assert (second.sites, second.reset) == (("bakery",), False)
            polling = asyncio.create_task(deployer.changes(second.cursor, 60))
            await worker.deploy("bakery", Slot.PREVIEW, 2, "worker-1", 1)
            assert (await polling).sites == ("bakery",)
            storage.kill()
            storage.start()
            assert (await deployer.changes(second.cursor, 60)).reset

    asyncio.run(play())


def test_who_asks_for_news_is_told_what_they_are(storage: StorageProcess, plain: PlainHttp) -> None:
    """A deployer of the release before does not ask, and refuses fields that it does not know."""

    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api:
            (made,) = await fill_site(worker, 1)
            before = (await api.changes(None, 0)).cursor
            await api.desire("bakery", Slot.CURRENT, 1, "ana", accept_failed_checks=False)
            (told,) = (await api.changes(before, 0)).news
            assert told == SiteNews(head=await api.head("bakery"), manifests={1: manifest_digest(made)})
            plainly = await plain.ask("deployer", "GET", "/v1/changes", params={"since": before, "wait": 0})
            assert set(plainly.json()) == {"cursor", "sites", "reset"}

    asyncio.run(play())


def test_a_stopping_daemon_answers_who_waits(storage: StorageProcess) -> None:
    async def play() -> None:
        async with storage.client("deployer") as deployer:
            cursor = (await deployer.changes(None, 0)).cursor
            polling = asyncio.create_task(deployer.changes(cursor, 60))
            await deployer.ping()  # on another connection: the poll has been sent before
            await asyncio.to_thread(storage.stop)
            assert (await polling).sites == ()

    asyncio.run(play())


def test_the_feed_tells_each_site_once_newest_first_and_nothing_old() -> None:
    async def play() -> None:
        feed = ChangeFeed()
        start = (await feed.since("", 0)).cursor
        for site in ("a", "b", "a"):
            feed.notify(site)
        middle = await feed.since(start, 0)
        assert middle.sites == ("a", "b")
        feed.notify("c")
        assert (await feed.since(middle.cursor, 60)).sites == ("c",)
        assert (await feed.since((await feed.since(start, 0)).cursor, 0)).sites == ()

    asyncio.run(play())


def test_unknown_cursors_mean_compare_everything() -> None:
    async def play() -> None:
        feed = ChangeFeed()
        known = (await feed.since("", 0)).cursor
        epoch = known.partition("-")[0]
        for cursor in ("", "x", f"{epoch}-1", f"{epoch}-", f"{epoch}--1", f"{epoch}-²", "00-0"):
            assert (await feed.since(cursor, 60)).reset, cursor
        assert not (await feed.since(known, 0)).reset

    asyncio.run(play())


def test_what_is_looked_at_is_told_to_who_asks_for_it(storage: StorageProcess, plain: PlainHttp) -> None:
    """At once, and all of it to a deployer that has just started; one of the release before gets no such field."""

    async def play() -> None:
        async with storage.client() as worker, storage.client("api") as api, storage.client("deployer") as deployer:
            await fill_site(worker, 3)
            first = await deployer.changes(None, 0)
            polling = asyncio.create_task(deployer.changes(first.cursor, 60))
            await api.wish("bakery", 1, is_missing=True)
            told = await polling
            assert (told.sites, [(one.site, one.version) for one in told.wished]) == ((), [("bakery", 1)])
            assert [one.version for one in (await deployer.changes(None, 0)).wished] == [1]
            assert (await deployer.changes(told.cursor, 0)).wished == ()
            old = await plain.ask("deployer", "GET", f"/v1/changes?since={first.cursor}&news=1")
            assert set(old.json()) == {"cursor", "sites", "reset"}
            with pytest.raises(NotFound):
                await api.wish("bakery", 9, is_missing=True)
            transport = httpx.AsyncHTTPTransport(uds=storage.admin_address.removeprefix("unix:"))
            async with httpx.AsyncClient(transport=transport) as admin:
                assert "pagewright_wished_versions 1.0" in (await admin.get("http://admin/metrics")).text

    asyncio.run(play())
