"""Single requests to the storage daemon: repeated after a lost connection, its errors raised as ours."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import TypedDict, TypeVar, Unpack

from shared.clients.daemon import Response, TransportError, error_from, open_client
from shared.clients.slow_calls import SlowCalls
from shared.domain.errors import Unavailable

DEFAULT_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # seconds between attempts: enough for storage to restart
T = TypeVar("T")

Params = Mapping[str, str | int | float]
_NO_PARAMS: Params = MappingProxyType({})


class _Options(TypedDict, total=False):
    params: Params
    headers: dict[str, str]
    content: bytes
    json: object
    timeout: float


class StorageCalls:
    """Storage at an address, with one role's token; `http` is for who reads an answer in pieces."""

    def __init__(self, address: str, token: str, pauses: tuple[float, ...]) -> None:
        self.http = open_client(address, {"Authorization": f"Bearer {token}"})
        self._pauses = pauses
        self._slow_calls = SlowCalls("storage", seconds=5)

    async def close(self) -> None:
        """Close all connections."""
        await self.http.aclose()

    async def get(self, path: str, params: Params = _NO_PARAMS) -> Response:
        """A read."""
        return await self.call("GET", path, params=params)

    async def call(
        self,
        method: str,
        path: str,
        *,
        repeat_after: type[Exception] = TransportError,
        expected: float = 0,
        **options: Unpack[_Options],
    ) -> Response:
        """One request, repeated after errors of this type only; it is `expected` to take these seconds."""
        answer = await self.repeat(lambda: self.http.request(method, path, **options), repeat_after, expected)
        if answer.is_error:
            raise error_from(answer)
        return answer

    async def repeat(self, attempt: Callable[[], Awaitable[T]], repeat_after: type[Exception], expected: float) -> T:
        for pause in (*self._pauses, None):
            try:
                with self._slow_calls.watching(expected):
                    return await attempt()
            except TransportError as error:
                if pause is None or not isinstance(error, repeat_after):
                    raise Unavailable("Storage can't be reached.", "Try again in a moment.") from error
                await asyncio.sleep(pause)
        raise AssertionError("the last attempt returns or raises")
