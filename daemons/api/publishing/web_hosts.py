"""Asks the web hosts what they serve: something is live when every host that answers shows it."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from typing import Self
from urllib.parse import urlsplit

from daemons.api.publishing.web_host import ExpectedAddress, ExpectedVersion, HostAnswer, WebHostClient
from shared.domain.host_problem import HostProblem
from shared.domain.vocabulary import Deployment, Slot

_FIRST_PAUSE_SECONDS = 0.002
_LONGEST_PAUSE_SECONDS = 0.05
_LIMIT_SECONDS = 10.0
_LATE_SECONDS = 0.02  # a pause of this length says that a host is not just a moment late
# What a host answers, and whether that is what is looked for.
_Look = Callable[[WebHostClient], Awaitable[tuple[HostAnswer, bool]]]


class WebHosts:
    """All web hosts. One that does not answer holds nobody up: the others are believed, and it catches up by itself."""

    def __init__(self, addresses: Sequence[str], sites_url: str) -> None:
        self._hosts = [WebHostClient(address) for address in addresses]
        self._sites_url = sites_url
        self._ends = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for host in self._hosts:
            self._ends.push_async_callback(host.close)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._ends.aclose()

    async def wait_for(
        self,
        deployment: Deployment,
        wanted: ExpectedVersion,
        *,
        known: Collection[str] = (),
        limit_seconds: float = _LIMIT_SECONDS,
        is_new: bool = False,
        address: str | None = None,
    ) -> list[HostAnswer]:
        """Wait until every host that answers serves this; returns those that don't, with the troubles they tell.

        Ends as soon as a host tells of an attempt that has failed, unless that one is `known`. Of what `is_new` no host
        can have heard yet. What visitors get is looked at under the site's `address`.
        """
        name, deadline = _slot_host(deployment.site, deployment.slot), time.monotonic() + limit_seconds
        visited = address if address and deployment.slot is Slot.CURRENT else name
        look = partial(_look, host=self._host(name), visited=self._host(visited), wanted=wanted)
        pause = _FIRST_PAUSE_SECONDS
        if is_new:
            await asyncio.sleep(pause)
        while late := await self._late(look):
            is_over = time.monotonic() >= deadline
            if is_over or pause > _LATE_SECONDS:
                late = await self._with_troubles(name, late, wanted.version)
                if is_over or any(host.trouble and host.trouble.attempt not in known for host in late):
                    return late
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)
        return []

    async def wait_for_address(
        self, wanted: ExpectedAddress, *, limit_seconds: float = _LIMIT_SECONDS
    ) -> list[HostAnswer]:
        """Wait until every host that answers serves a site at its address, to which those of before lead.

        Returns those that don't, with the troubles they tell.
        """
        late = await self._until(partial(_look_at_address, wanted=wanted, host_of=self._host), limit_seconds)
        return await self._with_troubles(wanted.site, late, wanted.version.version)

    async def has(self, site: str, wanted: ExpectedVersion, seconds: float) -> bool:
        """Whether the version's own address shows it, now or within `seconds`."""
        host = self._host(f"v{wanted.version}--{site}")
        return not await self._until(partial(_look, host=host, visited=host, wanted=wanted), seconds)

    async def troubles(self, site: str, slot: Slot) -> dict[str, HostProblem]:
        """What hosts, by their addresses, tell of troubles with a site."""
        host = self._host(_slot_host(site, slot))
        told = await asyncio.gather(*(one.trouble(host) for one in self._hosts))
        return {one.address: trouble for one, trouble in zip(self._hosts, told, strict=True) if trouble}

    async def hosts(self, site: str, slot: Slot) -> list[HostAnswer]:
        """What each host serves, in the order of the addresses."""
        return await self._ask(_slot_host(site, slot))

    async def _until(self, look: _Look, seconds: float) -> list[HostAnswer]:
        """The hosts that answer and don't show it within so many seconds."""
        deadline, pause = time.monotonic() + seconds, _FIRST_PAUSE_SECONDS
        while (late := await self._late(look)) and time.monotonic() < deadline:
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)
        return late

    async def _late(self, look: _Look) -> list[HostAnswer]:
        """The hosts that answer and don't show it; all of them if none answers."""
        looks = await asyncio.gather(*map(look, self._hosts))
        heard = [(answer, shown) for answer, shown in looks if answer.answers]
        return [answer for answer, shown in heard if not shown] if heard else [answer for answer, _ in looks]

    async def _with_troubles(self, name: str, late: Sequence[HostAnswer], version: int | None) -> list[HostAnswer]:
        """These hosts with what they tell about this version, or about the site as a whole."""
        host, hosts = self._host(name), {one.address: one for one in self._hosts}
        told = await asyncio.gather(*(hosts[answer.address].trouble(host) for answer in late))
        return [
            replace(answer, trouble=trouble if trouble and trouble.version in (None, version) else None)
            for answer, trouble in zip(late, told, strict=True)
        ]

    async def _ask(self, name: str) -> list[HostAnswer]:
        return await asyncio.gather(*(one.ask(self._host(name)) for one in self._hosts))

    def _host(self, name: str) -> str:
        return urlsplit(self._sites_url.format(host=name)).netloc


async def _look(one: WebHostClient, host: str, visited: str, wanted: ExpectedVersion) -> tuple[HostAnswer, bool]:
    """What a host answers, and whether it was seen to show this: what it says, and its home page if that is wanted.

    Of a host that should show nothing the home page is always looked for. It is what visitors are to get, or not.
    """
    if wanted.version is None:
        answer, is_right = await asyncio.gather(one.ask(host), one.has_no_home_page(visited))
        return answer, answer.shows(wanted) and is_right
    if wanted.home is None:
        answer = await one.ask(host)
        return answer, answer.shows(wanted)
    answer, is_right = await asyncio.gather(one.ask(host), _shows_home(one, visited, wanted.home))
    return answer, answer.shows(wanted) and is_right


async def _look_at_address(
    one: WebHostClient, wanted: ExpectedAddress, host_of: Callable[[str], str]
) -> tuple[HostAnswer, bool]:
    """What a host answers at a site's address, and whether it shows the site there and leads there."""
    host = host_of(wanted.address)
    leads = [one.leads_to(host_of(label), host) for label in wanted.former]
    ends = [one.has_no_home_page(host_of(label)) for label in wanted.left]
    answer, is_right = await asyncio.gather(one.ask(host), asyncio.gather(*leads, *ends))
    return answer, answer.shows(wanted.version) and all(is_right)


async def _shows_home(one: WebHostClient, host: str, sha256: str) -> bool:
    """Whether a host sends exactly this home page, compressed or not."""
    sent = await asyncio.gather(*(one.home_page(host, encoding) for encoding in ("identity", "gzip")))
    return all(page is not None and hashlib.sha256(page).hexdigest() == sha256 for page in sent)


def _slot_host(site: str, slot: Slot) -> str:
    return site if slot is Slot.CURRENT else f"{slot}--{site}"
