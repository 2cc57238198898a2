"""Single requests to the storage daemon: repeated after a lost connection, its errors raised as ours."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from types import MappingProxyType
from typing import TypedDict, TypeVar, Unpack

from shared.clients.call_line import CallLine, busy
from shared.clients.daemon import PoolFull, Response, TransportError, error_from, open_client
from shared.clients.retry import retry
from shared.clients.short_calls import ShortCalls
from shared.clients.slow_calls import SlowCalls
from shared.domain.errors import Unavailable

_AT_ONCE = 24  # twice that is less than the connections that the client may open
_WAITING = 400
_SHORT = ("GET", "POST")  # a PUT carries a blob
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
    """Storage at an address, with one role's token; who reads an answer in pieces uses `http`.

    It does so in a turn of `line` or of `downloads`, which may take long and therefore hold up each other only.
    """

    def __init__(self, address: str, token: str, restart_seconds: float) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self.http = open_client(address, headers)
        self._short = ShortCalls(address, headers)
        self._restart_seconds = restart_seconds
        self.line = CallLine("storage", _AT_ONCE, _WAITING)
        self.downloads = CallLine("downloads from storage", _AT_ONCE, _WAITING)
        self._slow_calls = SlowCalls("storage", seconds=5)

    async def close(self) -> None:
        """Close all connections."""
        await self._short.close()
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
        waits: bool = True,
        **options: Unpack[_Options],
    ) -> Response:
        """One request, repeated after errors of this type only; it is `expected` to take these seconds.

        It waits in line, unless it is one that must not: whether storage is there may be asked by a crowded api, too.
        """

        async def attempt() -> Response:
            async with self.line.turn() if waits else nullcontext():
                if method in _SHORT:
                    return await self._short.request(method, path, **options)
                return await self.http.request(method, path, **options)

        answer = await self.repeat(attempt, repeat_after, expected)
        if answer.is_error:
            raise error_from(answer)
        return answer

    async def repeat(self, attempt: Callable[[], Awaitable[T]], repeat_after: type[Exception], expected: float) -> T:
        """What `attempt` gives; it is repeated after errors of this type only, unless the caller itself repeats it."""

        async def watched() -> T:
            try:
                with self._slow_calls.watching(expected):
                    return await attempt()
            except PoolFull:
                raise busy("storage") from None  # another attempt would only lengthen the line

        try:
            return await retry(watched, seconds=self._restart_seconds, after=repeat_after)
        except TransportError as error:
            raise Unavailable("Storage can't be reached.", "Try again in a moment.") from error
