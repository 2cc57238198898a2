"""Something is looked after again and again, whatever went wrong before."""

import asyncio
from datetime import datetime

from daemons.api.background.every_minute import every_minute
from shared.domain.errors import Unavailable


def test_it_goes_on_after_every_trouble_until_it_is_told_to_stop() -> None:
    times: list[datetime] = []

    async def run() -> None:
        stop = asyncio.Event()

        async def tend(now: datetime) -> None:
            times.append(now)
            if len(times) == 1:
                raise Unavailable("Storage can't be reached.")
            if len(times) == 2:
                raise ValueError("unexpected")
            stop.set()

        await asyncio.wait_for(every_minute("sites", tend, stop, seconds=0.001), 10)

    asyncio.run(run())
    assert times == sorted(times) and len(times) == 3
