"""A model relay on a listening socket, and clients that send it whatever bytes they like."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from daemons.worker.model_relay.relay import RELAY_LIMITS, ModelRelay, RelayLimits
from shared.domain.errors import PageWrightError

TICKET = "the.ticket"


@dataclass(frozen=True)
class Knock:
    """What a relay answered, byte by byte, and what it remembers."""

    answer: bytes
    trouble: PageWrightError | None

    @property
    def status(self) -> int:
        return int(self.answer.split()[1])


def post(body: bytes, *headers: bytes, path: bytes = b"/v1/responses") -> bytes:
    """The bytes of a proper request."""
    length = b"Content-Length: %d" % len(body)
    return b"\r\n".join((b"POST %s HTTP/1.1" % path, b"Host: inside", length, *headers, b"", body))


async def say(port: int, data: bytes) -> bytes:
    """Send bytes on a connection of their own and read until its end; a reset counts as one."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        await writer.drain()
        async with asyncio.timeout(20):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def with_relay(
    address: str, act: Callable[[ModelRelay, int], Awaitable[None]], limits: RelayLimits = RELAY_LIMITS
) -> None:
    """Open a relay to a model at `address`, let `act` use its port, and close it."""
    relay = ModelRelay(address, TICKET, limits)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        task = asyncio.ensure_future(relay(listener))
        try:
            await act(relay, listener.getsockname()[1])
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()


def knock(address: str, data: bytes, limits: RelayLimits = RELAY_LIMITS) -> Knock:
    """Send `data` on one connection to a new relay."""
    knocks: list[Knock] = []

    async def act(relay: ModelRelay, port: int) -> None:
        answer = await say(port, data)
        knocks.append(Knock(answer, relay.trouble))

    asyncio.run(with_relay(address, act, limits))
    return knocks[0]
