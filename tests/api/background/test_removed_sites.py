"""Deleted sites are looked after again and again, whatever went wrong before."""

import asyncio
from datetime import datetime

from daemons.api.background.removed_sites import tend_removed_sites
from daemons.api.sites.removal import Removal
from shared.domain.errors import Unavailable


class Faulty(Removal):
    """Fails in two ways, then stops the work."""

    def __init__(self, stop: asyncio.Event) -> None:
        self.stop = stop
        self.times: list[datetime] = []

    async def tend(self, now: datetime) -> None:
        self.times.append(now)
        if len(self.times) == 1:
            raise Unavailable("Storage can't be reached.")
        if len(self.times) == 2:
            raise ValueError("unexpected")
        self.stop.set()


def test_it_goes_on_after_every_trouble_until_it_is_told_to_stop() -> None:
    async def run() -> None:
        stop = asyncio.Event()
        removal = Faulty(stop)
        await asyncio.wait_for(tend_removed_sites(removal, stop, seconds=0.001), 10)
        assert removal.times == sorted(removal.times) and len(removal.times) == 3

    asyncio.run(run())
