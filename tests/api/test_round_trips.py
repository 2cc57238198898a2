"""A page asks each store once, however much it shows: counted, not timed."""

import asyncio
from pathlib import Path

from daemons.api.sites.site_record import UNREADABLE
from daemons.api.sites.workspace import JOBS_SHOWN
from htmx_ui.wording import ENGLISH
from shared.domain.vocabulary import Slot
from tests.support.counted_sites import add_site, ask_for_edits, signed_in
from tests.support.deployer_process import DeployerProcess
from tests.support.round_trips import RoundTrips
from tests.support.storage_process import StorageProcess
from tests.support.web_server import WebServer

SITES = 60


def test_a_list_of_sites_asks_storage_once(redis_url: str, storage: StorageProcess, tmp_path: Path) -> None:
    async def play() -> None:
        async with signed_in(redis_url, storage, tmp_path) as (api, ana):
            names = [f"site-{number:02d}" for number in range(SITES)]
            await asyncio.gather(*(add_site(api.services, storage, ana, name) for name in names))
            page, asked = await api.get("/sites")
            assert all(f"/sites/{name}" in page.text for name in names)
            assert asked == RoundTrips(sql=3, redis=0, storage=1), "the user, the sites, those that were deleted"
            listed, asked = await api.get(f"/api/v1/sites?limit={SITES}")
            assert [(site["name"], site["latest"], site["slots"]) for site in listed.json()["items"]] == [
                (name, 1, {"preview": 1}) for name in names
            ]
            assert asked == RoundTrips(sql=2, redis=0, storage=1)

    asyncio.run(play())


def test_a_list_of_200_sites_asks_no_more(redis_url: str, storage: StorageProcess, tmp_path: Path) -> None:
    """But for storage, which tells of 100 sites at once."""

    async def play() -> None:
        async with signed_in(redis_url, storage, tmp_path) as (api, ana):
            names = [f"site-{number:03d}" for number in range(200)]
            for name in names:
                await add_site(api.services, storage, ana, name, versions=0)
            page, asked = await api.get("/sites?show=200")
            assert all(f"/sites/{name}" in page.text for name in names)
            assert asked == RoundTrips(sql=3, redis=0, storage=2)
            listed, asked = await api.get("/api/v1/sites?limit=200&sort=changed")
            assert sorted(site["name"] for site in listed.json()["items"]) == names
            assert asked == RoundTrips(sql=2, redis=0, storage=2)

    asyncio.run(play())


def test_the_page_of_a_site_asks_each_part_once(redis_url: str, storage: StorageProcess, tmp_path: Path) -> None:
    async def play() -> None:
        async with signed_in(redis_url, storage, tmp_path) as (api, ana):
            await add_site(api.services, storage, ana, "zoo", JOBS_SHOWN)
            await api.services.storage.deploy("zoo", Slot.CURRENT, 2, "ana@example.org")
            waiting = await ask_for_edits(api.services, ana, "zoo", 3)
            await api.services.jobs.cancel(await api.services.jobs.own(ana, waiting.pop()))
            _, first = await api.get("/sites/zoo?version=1")  # Redis may not have got the script yet
            page, asked = await api.get("/sites/zoo?version=1")
            assert (first.sql, first.storage) == (4, 3), "the page, its files, that it is looked at"
            assert asked == RoundTrips(sql=4, redis=1, storage=2), "which pages a version has is known by now"
            assert all(job in page.text for job in waiting)
            answer, asked = await api.get("/sites/zoo?version=99")
            assert (answer.status_code, "There is no version 99" in answer.text) == (404, True)
            await add_site(api.services, storage, ana, "den")
            _, first = await api.get("/sites/den")
            _, asked = await api.get("/sites/den")
            assert first.sql == 4, "a job that has ended is read once"
            assert asked == RoundTrips(sql=3, redis=0, storage=1), "its files are those of the other's first version"

    asyncio.run(play())


def test_two_versions_are_compared_by_one_look_at_storage(
    redis_url: str, storage: StorageProcess, tmp_path: Path
) -> None:
    async def play() -> None:
        async with signed_in(redis_url, storage, tmp_path) as (api, ana):
            await add_site(api.services, storage, ana, "zoo", 5)
            for chosen in ("", "?earlier=1&later=2"):
                _, first = await api.get(f"/sites/zoo/compare{chosen}")
                page, asked = await api.get(f"/sites/zoo/compare{chosen}")
                assert first.storage == 3, "the versions, and the files of each"
                assert asked == RoundTrips(sql=2, redis=0, storage=1), page.text

    asyncio.run(play())


def test_publishing_asks_storage_once_and_the_web_host_nothing_more(
    redis_url: str, storage: StorageProcess, tmp_path: Path, deployer: DeployerProcess, web_server: WebServer
) -> None:
    """From the request to what visitors get: the deployer learns from the feed alone what it needs."""

    async def play() -> None:
        async with signed_in(redis_url, storage, tmp_path, web_server.address) as (api, ana):
            await add_site(api.services, storage, ana, "zoo", 2)
            deployer.start()
            for version in (1, 2, 1, 2):
                desired = {"slot": "current", "version": version, "expected": 3 - version}
                if version == 1:
                    del desired["expected"]
                answer, sql, redis, storage_was = await api.post("/api/v1/sites/zoo/deployments", desired)
                assert answer.status_code == 201, answer.text
                assert f"Version {version}" in web_server.get("zoo").body.decode()
                assert (sql, storage_was.pop("post_desired")) == (5, 1)
                assert redis <= 1, "open pages are told, and nobody waits for that"
            assert set(storage_was) <= {"get_changes"}, "somebody asked for what the feed had told"
            for desired, status in (
                ({"version": 3}, 404),
                ({"version": 1, "expected": 1}, 409),
            ):
                answer, sql, _, storage_was = await api.post(
                    "/api/v1/sites/zoo/deployments", {"slot": "current"} | desired
                )
                assert (answer.status_code, sql) == (status, 2), answer.text
                assert storage_was.pop("post_desired") == 1

    asyncio.run(play())


def test_a_list_of_jobs_asks_the_queue_once(redis_url: str, storage: StorageProcess, tmp_path: Path) -> None:
    async def play() -> None:
        async with signed_in(redis_url, storage, tmp_path) as (api, ana):
            await add_site(api.services, storage, ana, "zoo")
            waiting = await ask_for_edits(api.services, ana, "zoo", 4)
            for _ in range(2):
                answer, asked = await api.get("/api/v1/jobs?site=zoo")
            assert [job["id"] for job in answer.json()["items"]][:4] == waiting[::-1]
            assert asked == RoundTrips(sql=3, redis=1, storage=0)

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
            assert (page.status_code, page.text.count(ENGLISH.told(UNREADABLE))) == (200, 1)
            good, hurt = (await api.get("/api/v1/sites"))[0].json()["items"]
            assert (good["latest"], "trouble" in good) == (1, False)
            assert (hurt["latest"], hurt["trouble"]) == (None, UNREADABLE)

    asyncio.run(play())
