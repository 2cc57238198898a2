"""An export is ended however its receiver leaves."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from starlette.types import Message

from daemons.api.json_routes.export_response import ExportResponse
from daemons.api.sites.exports import Export

SCOPE = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "method": "GET", "headers": []}


def played(*, leaves: bool) -> tuple[list[Message], bool]:
    """What was sent, and whether the export has ended."""
    sent: list[Message] = []
    ended = asyncio.Event()

    async def chunks() -> AsyncGenerator[bytes, None]:
        try:
            yield b"PK"
            yield b"more"
        finally:
            ended.set()

    async def send(message: Message) -> None:
        sent.append(message)
        if leaves and message.get("body"):
            raise OSError("the connection is gone")

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def run() -> None:
        others = chunks()
        await ExportResponse(Export("bakery-v3.zip", await anext(others), others))(SCOPE, receive, send)

    if leaves:
        with pytest.raises(Exception, match=r"|gone"):
            asyncio.run(run())
    else:
        asyncio.run(run())
    return sent, ended.is_set()


def test_it_is_a_zip_to_save() -> None:
    sent, ended = played(leaves=False)
    headers = dict(sent[0]["headers"])
    assert headers[b"content-type"] == b"application/zip"
    assert headers[b"content-disposition"] == b'attachment; filename="bakery-v3.zip"'
    assert b"".join(message.get("body", b"") for message in sent) == b"PKmore"
    assert ended


def test_who_leaves_ends_it() -> None:
    sent, ended = played(leaves=True)
    assert [message["body"] for message in sent if message.get("body")] == [b"PK"]
    assert ended
