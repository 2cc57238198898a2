"""Asks the web hosts what they serve: something is live when every host that answers shows it."""

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from shared.daemon_client import TransportError, open_client
from shared.vocabulary import Deployment, Slot

_log = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS = 0.002
_LONGEST_PAUSE_SECONDS = 0.05
_LIMIT_SECONDS = 10.0
_ANSWER_SECONDS = 2.0
_LOOK_AGAIN_SECONDS = 1.0


@dataclass(frozen=True)
class HostAnswer:
    """What one web host said of a site: the version that it serves, None for none; or nothing at all."""

    address: str
    answers: bool
    version: int | None = None
    milliseconds: float | None = field(default=None, compare=False)


class Probe:
    """All web hosts. One that does not answer holds nobody up: the others are believed, and it catches up by itself."""

    def __init__(self, addresses: Sequence[str], sites_url: str) -> None:
        self._hosts = [_WebHost(address) for address in addresses]
        self._sites_url = sites_url
        self._ends = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for host in self._hosts:
            self._ends.push_async_callback(host.close)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._ends.aclose()

    async def wait_for(self, deployment: Deployment, limit_seconds: float = _LIMIT_SECONDS) -> bool:
        """Wait until the deployment's version is served; False if it is not within the limit."""
        name = _slot_host(deployment.site, deployment.slot)
        return await self._wait_for(name, deployment.version, limit_seconds)

    async def has(self, site: str, version: int, seconds: float) -> bool:
        """Whether the version's own address shows it, now or within `seconds`."""
        return await self._wait_for(f"v{version}--{site}", version, seconds)

    async def hosts(self, site: str, slot: Slot) -> list[HostAnswer]:
        """What each host serves, in the order of the addresses."""
        return await self._ask(_slot_host(site, slot))

    async def _wait_for(self, name: str, version: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        pause = _FIRST_PAUSE_SECONDS
        while not _all_show(await self._ask(name), version):
            if time.monotonic() >= deadline:
                return False
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)
        return True

    async def _ask(self, name: str) -> list[HostAnswer]:
        host = urlsplit(self._sites_url.format(host=name)).netloc
        return await asyncio.gather(*(one.ask(host) for one in self._hosts))


class _WebHost:
    """One web host. While it is silent, it is looked for in the background, so that only the first asker waits."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._client = open_client(address, timeout=_ANSWER_SECONDS)
        self._looking: asyncio.Task[None] | None = None

    async def close(self) -> None:
        if self._looking:
            self._looking.cancel()
        await self._client.aclose()

    async def ask(self, host: str) -> HostAnswer:
        """What it serves under a host name."""
        started = time.perf_counter()
        if self._looking is None:
            try:
                version = await self._served(host)
                took = round((time.perf_counter() - started) * 1000, 1)
                return HostAnswer(self._address, answers=True, version=version, milliseconds=took)
            except (TransportError, TimeoutError) as error:
                self._miss(error, host)
        return HostAnswer(self._address, answers=False)

    async def _served(self, host: str) -> int | None:
        # The client's own time-out is one for each step, and it tries to connect twice.
        async with asyncio.timeout(_ANSWER_SECONDS):
            answer = await self._client.get("/.well-known/pagewright.json", headers={"Host": host})
        try:
            served = answer.json() if answer.status_code == 200 else {}
        except ValueError:
            return None
        version = served.get("version") if isinstance(served, dict) else None
        return version if isinstance(version, int) else None

    def _miss(self, error: Exception, host: str) -> None:
        """Others who asked at the same time have missed it too."""
        if self._looking is None:
            _log.warning("the web host at %s does not answer (%s)", self._address, type(error).__name__)
            self._looking = asyncio.create_task(self._look_for(host))

    async def _look_for(self, host: str) -> None:
        try:
            while not await self._answers(host):
                pass
            _log.info("the web host at %s answers again", self._address)
        finally:
            self._looking = None  # whatever ended it: the next who asks looks for itself

    async def _answers(self, host: str) -> bool:
        """Whether it does, after a pause."""
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        try:
            await self._served(host)
        except (TransportError, TimeoutError):
            return False
        return True


def _slot_host(site: str, slot: Slot) -> str:
    return site if slot is Slot.CURRENT else f"{slot}--{site}"


def _all_show(answers: Sequence[HostAnswer], version: int) -> bool:
    """A reachable host that shows something else is one that visitors reach, too."""
    heard = [answer for answer in answers if answer.answers]
    return bool(heard) and all(answer.version == version for answer in heard)
