"""What the web hosts serve against what they should: behind, up to date, or not known."""

import asyncio

import pytest

from daemons.api.publishing.web_host import HostAnswer
from daemons.api.publishing.web_hosts import WebHosts
from daemons.api.status.comparison import Digests, compared, with_reasons
from daemons.api.status.report import Lag, WebHost
from shared.domain.host_problem import STORAGE_OLDER
from shared.domain.signing import manifest_digest
from shared.domain.vocabulary import Deployment, Slot
from tests.api.conftest import World
from tests.api.small_database import NOW
from tests.support.api_process import SITES_URL
from tests.support.manifests import fill_site
from tests.support.replies import reply, replying

HOST = HostAnswer("a:1", answers=True)


def desired(site: str = "bakery", version: int | None = 3, slot: Slot = Slot.CURRENT) -> Deployment:
    return Deployment(number=1, site=site, slot=slot, version=version, by="ana", at=NOW)


def shows(version: int | None, manifest: str | None = None) -> HostAnswer:
    return HostAnswer("a:1", answers=True, version=version, manifest=manifest)


@pytest.mark.parametrize(
    ("shown", "lag"),
    [
        (shows(3, "d"), None),
        (shows(2, "d"), (2, "")),
        (shows(None), (None, "")),
        (shows(3, "x"), (3, "What it shows as version 3 is not what storage keeps under this number.")),
    ],
)
def test_a_host_is_behind_where_it_shows_other_bytes(shown: HostAnswer, lag: tuple[int | None, str] | None) -> None:
    told = compared(HOST, {("bakery", Slot.CURRENT): shown}, [desired()], {desired(): "d"})
    assert told.compared == 1
    assert [(one.shows, one.reason) for one in told.behind] == ([lag] if lag else [])
    assert [(one.should_show, one.since) for one in told.behind] == ([(3, NOW)] if lag else [])


def test_a_host_that_still_shows_what_was_taken_down_is_behind() -> None:
    down = desired(version=None)
    nothing = HostAnswer("a:1", answers=True, has_none=True)
    lags = [
        compared(HOST, {("bakery", Slot.CURRENT): one}, [down], {}).behind for one in (shows(3), shows(None), nothing)
    ]
    assert [[(lag.shows, lag.should_show, lag.reason) for lag in one] for one in lags] == [
        [(3, None, "")],
        [(None, None, "It does not say that it has nothing to show.")],
        [],
    ]


@pytest.mark.parametrize("host", [HOST, HostAnswer("a:1", answers=False)])
def test_a_host_that_is_silent_or_fell_silent_is_not_called_up_to_date(host: HostAnswer) -> None:
    served = {("bakery", Slot.CURRENT): shows(3), ("cafe", Slot.CURRENT): HostAnswer("a:1", answers=False)}
    told = compared(host, served, [desired()], {})
    assert (told.compared, told.behind) == (None, ())


def test_a_host_says_why_it_is_behind_and_whom_it_does_not_follow() -> None:
    lags = [
        Lag(site=site, slot=Slot.CURRENT, shows=None, should_show=3, since=NOW) for site in ("bakery", "cafe", "dorm")
    ]
    about = [
        {"version": 3, "reason": "Its disk is full.", "attempt": "x"},
        {"version": 2, "reason": "An older version failed.", "attempt": "y"},
        {"version": None, "reason": STORAGE_OLDER, "attempt": "z"},
    ]

    async def run() -> WebHost:
        async with replying(*map(reply, about)) as server, WebHosts([server.address], SITES_URL) as hosts:
            host = WebHost(address=server.address, compared=3, behind=tuple(lags))
            (told,) = await with_reasons(hosts, [host], [lag.site for lag in lags])
            return told

    told = asyncio.run(run())
    assert [lag.reason for lag in told.behind] == ["Its disk is full.", "", STORAGE_OLDER]
    assert told.refused == ("dorm",)


def test_a_digest_is_asked_for_once_and_forgotten_when_nobody_needs_it(world: World) -> None:
    async def run() -> None:
        async with world.storage.client() as worker, world.storage.client("api") as storage:
            (manifest,) = await fill_site(worker, 1, site="digested")
            digests, wanted, missing = Digests(), desired("digested", 1), desired("digested", 9)
            known = {wanted: manifest_digest(manifest)}
            assert await digests.of(storage, [wanted, missing]) == known, "one that can't be read is known by number"
        async with world.storage.client("api", restart_seconds=0) as closed:
            await closed.__aexit__()
            assert await digests.of(closed, [wanted]) == known
            assert await digests.of(closed, []) == {}

    asyncio.run(run())
