"""A model door on a listening socket, and clients that say to it whatever bytes they like."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from daemons.worker.model_relay.relay import ModelDoor
from shared.domain.errors import PageWrightError

TICKET = "the.ticket"


@dataclass(frozen=True)
class Knock:
    """What a door answered, byte by byte, and what it remembers."""

    answer: bytes
    trouble: PageWrightError | None

    @property
    def status(self) -> int:
        return int(self.answer.split()[1])


def post(body: bytes, *headers: bytes, path: bytes = b"/v1/responses") -> bytes:
    """A proper request on the wire."""
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


async def with_door(address: str, act: Callable[[ModelDoor, int], Awaitable[None]]) -> None:
    """Open a door to a model at `address`, let `act` use it by its port, close it."""
    door = ModelDoor(address, TICKET)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        task = asyncio.ensure_future(door(listener))
        try:
            await act(door, listener.getsockname()[1])
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()


def knock(address: str, data: bytes) -> Knock:
    """One connection to a new door."""
    knocks: list[Knock] = []

    async def act(door: ModelDoor, port: int) -> None:
        answer = await say(port, data)
        knocks.append(Knock(answer, door.trouble))

    asyncio.run(with_door(address, act))
    return knocks[0]
