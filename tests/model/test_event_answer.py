"""An answer that has begun ends in order, whatever goes wrong after its first event."""

import asyncio
from collections.abc import AsyncGenerator

from starlette.types import Message

from daemons.model.event_answer import EventAnswer
from daemons.model.event_stream import Event
from shared.errors import Unavailable


async def _broken() -> AsyncGenerator[Event, None]:
    yield {"type": "response.created"}
    raise Unavailable("The model daemon can't count what is used.")


async def _answer(events: AsyncGenerator[Event, None]) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return await asyncio.Future[Message]()

    async def send(message: Message) -> None:
        sent.append(message)

    await EventAnswer(events, asyncio.Event())({"type": "http"}, receive, send)
    return sent


def test_an_error_after_the_first_event_is_the_last_event() -> None:
    """Such as a disk that is full when the answer's tokens are counted."""
    start, created, failed, end = asyncio.run(_answer(_broken()))
    assert (start["type"], start["status"]) == ("http.response.start", 200)
    assert b"response.created" in created["body"]
    assert b"response.failed" in failed["body"]
    assert b"can't count" in failed["body"]
    assert end == {"type": "http.response.body", "body": b""}
