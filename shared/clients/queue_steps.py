"""How the queue asks Redis: each transition is one Lua step, and a stream is read after a position."""

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from importlib import resources
from typing import Any, Self

from shared.clients.call_line import CallLine
from shared.clients.redis_connection import LONGEST_BLOCK_SECONDS, Redis, open_redis, reached
from shared.clients.retry import RESTART_SECONDS
from shared.domain.errors import InvalidInput

PREFIX = "pagewright:"
_LUA = resources.files(__package__).joinpath("lua")
_STEPS = [file.name.removesuffix(".lua") for file in _LUA.iterdir() if file.name != "common.lua"]
_BATCH = 500
_AT_ONCE, _WAITING = 32, 1_000  # calls that don't block
_POSITION = re.compile(r"[0-9]{1,19}(-[0-9]{1,19})?")


class QueueSteps:
    """A connection to Redis, and the steps in `shared/clients/lua`."""

    def __init__(self, redis: Redis, restart_seconds: float) -> None:
        self._redis = redis
        self._restart_seconds = restart_seconds
        self._line = CallLine("the job queue", _AT_ONCE, _WAITING)
        self._steps = {name: redis.register_script(_lua("common") + _lua(name)) for name in _STEPS}

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, restart_seconds: float = RESTART_SECONDS) -> AsyncIterator[Self]:
        """A queue at `unix:///path` or `redis://…`; connects when it is first used, and again whenever it must."""
        async with open_redis(url) as redis:
            yield cls(redis, restart_seconds)

    async def _step(self, name: str, *arguments: str | float, waits: bool = True) -> Any:  # noqa: ANN401
        return await self._reached(lambda: self._steps[name](keys=[PREFIX], args=arguments), waits=waits)

    async def _ask(self, *command: str | float, waits: bool) -> Any:  # noqa: ANN401
        return await self._reached(lambda: self._redis.execute_command(*command), waits=waits)  # type: ignore[no-untyped-call]

    async def _reached(self, ask: Callable[[], Awaitable[Any]], *, waits: bool) -> Any:  # noqa: ANN401
        """The answer, for which a call waits in line; not one that lasts, nor one that asks how the queue is."""

        async def attempt() -> Any:  # noqa: ANN401
            async with self._line.turn() if waits else nullcontext():
                return await ask()

        return await reached(attempt, self._restart_seconds)

    async def _read(self, stream: str, after: str, block_seconds: float) -> list[tuple[str, dict[str, str]]]:
        """The entries after a position; an empty list if none came for `block_seconds`."""
        if not _POSITION.fullmatch(after):
            raise InvalidInput("This position in the stream of events can't be read.", "Start again from 0.")
        deadline = time.monotonic() + block_seconds
        while True:
            pause = milliseconds(min(deadline - time.monotonic(), LONGEST_BLOCK_SECONDS))
            block = ("BLOCK", pause) if pause > 0 else ()
            command = ("XREAD", "COUNT", _BATCH, *block, "STREAMS", PREFIX + stream, after)
            reply = await self._ask(*command, waits=not block)
            if reply or pause <= 0:
                return list(reply[0][1]) if reply else []


def milliseconds(seconds: float) -> int:
    """As Redis counts time."""
    return round(seconds * 1000)


def _lua(name: str) -> str:
    return _LUA.joinpath(f"{name}.lua").read_text()
