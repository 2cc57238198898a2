"""Events as an HTTP answer that stops its source the moment the client is gone."""

from collections.abc import AsyncGenerator

import anyio
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from daemons.model.event_stream import Event, encode_event
from shared.errors import PageWrightError
from shared.web import problem_response

_HEAD = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
_CLEANING_SECONDS = 5


class EventAnswer(Response):
    """Answers 200 with the first event; an error before it becomes a problem."""

    def __init__(self, events: AsyncGenerator[Event, None]) -> None:
        super().__init__()
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_cancel_when_gone, receive, tasks.cancel_scope)
                await self._send_all(scope, receive, send)
                tasks.cancel_scope.cancel()
        finally:
            with anyio.move_on_after(_CLEANING_SECONDS, shield=True):
                await self._events.aclose()

    async def _send_all(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            event = await anext(self._events)
        except PageWrightError as error:
            return await problem_response(error)(scope, receive, send)
        await send({"type": "http.response.start", "status": 200, "headers": _HEAD})
        await send({"type": "http.response.body", "body": encode_event(event), "more_body": True})
        async for event in self._events:
            await send({"type": "http.response.body", "body": encode_event(event), "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _cancel_when_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
