"""A small HTTP server that gives the replies of a test, for clients that have to understand whatever answers."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass
class Replies:
    """Where it listens, as `host:port`, and the head of each request that it got."""

    address: str
    asked: list[str] = field(default_factory=list)


def reply(body: bytes | object = b"", status: int = 200, **headers: str) -> bytes:
    """One answer; what is not bytes is sent as JSON. In the names of headers `_` stands for `-`."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", f"Content-Length: {len(data)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + data


@asynccontextmanager
async def replying(*replies: bytes) -> AsyncIterator[Replies]:
    """Gives these answers in turn, and the last one again and again."""
    waiting = list(replies)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(asyncio.IncompleteReadError):  # who connects may think better of it
                await answer(reader, writer)
        finally:
            writer.close()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        server.asked.append(head)
        length = re.search(r"^content-length: (\d+)", head, re.IGNORECASE | re.MULTILINE)
        await reader.readexactly(int(length[1]) if length else 0)
        writer.write(waiting.pop(0) if len(waiting) > 1 else waiting[0])
        await writer.drain()

    listener = await asyncio.start_server(serve, "127.0.0.1")
    server = Replies(f"127.0.0.1:{listener.sockets[0].getsockname()[1]}")
    try:
        yield server
    finally:
        listener.close()
