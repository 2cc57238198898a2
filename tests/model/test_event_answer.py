"""An answer that has begun ends in order, whatever goes wrong after its first event."""

import asyncio
from collections.abc import AsyncGenerator

from starlette.types import Message

from daemons.model.event_answer import EventAnswer
from daemons.model.event_stream import StreamEvent
from shared.domain.errors import Unavailable


async def _broken() -> AsyncGenerator[StreamEvent, None]:
    yield {"type": "response.created"}
    raise Unavailable("The model daemon can't count what is used.")


async def _slow(*seconds: float) -> AsyncGenerator[StreamEvent, None]:
    for pause in seconds:
        await asyncio.sleep(pause)
        yield {"type": "response.output_text.delta", "delta": "a"}


async def _answer(events: AsyncGenerator[StreamEvent, None], sign_seconds: float = 45) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return await asyncio.Future[Message]()

    async def send(message: Message) -> None:
        sent.append(message)

    await EventAnswer(events, asyncio.Event(), sign_seconds)({"type": "http"}, receive, send)
    return sent


def test_an_error_after_the_first_event_is_the_last_event() -> None:
    """Such as a disk that is full when the answer's tokens are counted."""
    start, created, failed, end = asyncio.run(_answer(_broken()))
    assert (start["type"], start["status"]) == ("http.response.start", 200)
    assert b"response.created" in created["body"]
    assert b"response.failed" in failed["body"]
    assert b"can't count" in failed["body"]
    assert end == {"type": "http.response.body", "body": b""}


def test_while_the_model_is_silent_codex_hears_that_it_is_waited_for() -> None:
    """Before the first event, too: a large conversation takes a slow machine minutes to read."""
    sent = asyncio.run(_answer(_slow(0.3, 0.3), sign_seconds=0.1))
    kinds = [b"in_progress" in message["body"] for message in sent[1:-1]]
    assert sent[0]["status"] == 200
    assert kinds[0] and any(kinds[kinds.index(False) + 1 :])
    assert kinds.count(False) == 2
    assert sent[-1] == {"type": "http.response.body", "body": b""}


def test_a_lively_answer_has_no_signs_of_life() -> None:
    sent = asyncio.run(_answer(_slow(*[0.1] * 12), sign_seconds=1))
    assert not any(b"in_progress" in message.get("body", b"") for message in sent)
