"""Asking a part how it is: whatever it does, there is an answer."""

import asyncio
import time

from daemons.api.status.asking import ask
from shared.domain.errors import Conflict, PageWrightError


def test_every_answer_is_an_answer() -> None:
    async def fine() -> int:
        return 7

    async def refuse() -> int:
        raise Conflict("That does not fit.", "Look again.")

    async def break_down() -> int:
        raise RuntimeError("secret inside")

    async def hang() -> int:
        await asyncio.sleep(60)
        return 1

    async def run() -> None:
        started = time.monotonic()
        good, bad, broken, late = await asyncio.gather(
            *(ask("It", question()) for question in (fine, refuse, break_down, hang))
        )
        assert time.monotonic() - started < 10
        assert (good.value, good.error) == (7, None)
        assert isinstance(bad.error, Conflict)
        assert type(broken.error) is PageWrightError
        assert "secret" not in broken.error.detail + broken.error.hint
        assert late.error and late.error.detail == "It did not answer within 2 seconds."
        assert late.milliseconds >= 2000

    asyncio.run(run())
