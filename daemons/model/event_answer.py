"""Streams events as an HTTP answer, and closes their source once the client is gone or the daemon stops."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from functools import partial

import anyio
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from daemons.model.event_stream import StreamEvent, encode_event, failed_event
from shared.domain.errors import PageWrightError, Unavailable
from shared.runtime.web import problem_response

_HEAD = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
_CLEANING_SECONDS = 5
# Codex drops an answer that is silent for two minutes and asks again, which would cost a second request.
_SIGN_OF_LIFE: StreamEvent = {
    "type": "response.in_progress",
    "response": {"object": "response", "status": "in_progress"},
}
_SIGN_SECONDS = 45.0


class EventAnswer(Response):
    """Answers 200 with the first event; an error before it becomes a problem."""

    def __init__(
        self, events: AsyncGenerator[StreamEvent, None], stopping: asyncio.Event, sign_seconds: float = _SIGN_SECONDS
    ) -> None:
        super().__init__()
        self._sign_seconds = sign_seconds
        self._is_silent = False
        self._events = events
        self._stopping = stopping
        self._begun = self._ended = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_cancel_after, partial(_disconnected, receive), tasks.cancel_scope)
                tasks.start_soon(_cancel_after, self._stopping.wait, tasks.cancel_scope)
                tasks.start_soon(self._show_life, send)
                await self._send_events(scope, receive, send)
                tasks.cancel_scope.cancel()
        finally:
            with anyio.move_on_after(_CLEANING_SECONDS, shield=True):
                await self._events.aclose()
        if self._stopping.is_set() and not self._ended:
            await self._say_goodbye(scope, receive, send)

    async def _send_events(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async for event in self._events:
                await self._send_event(send, event)
        except PageWrightError as error:
            self._ended = True
            if not self._begun:
                return await problem_response(error)(scope, receive, send)
            await self._send_event(send, failed_event("server_error", f"{error.detail} {error.hint}".strip()))
        self._ended = True
        await send({"type": "http.response.body", "body": b""})

    async def _show_life(self, send: Send) -> None:
        """Say now and then that the answer is awaited, so that Codex waits too."""
        while True:
            self._is_silent = True
            await anyio.sleep(self._sign_seconds)
            if self._is_silent and not self._ended:
                await self._send_event(send, _SIGN_OF_LIFE)

    async def _send_event(self, send: Send, event: StreamEvent) -> None:
        self._is_silent = False
        if not self._begun:
            self._begun = True
            await send({"type": "http.response.start", "status": 200, "headers": _HEAD})
        await send({"type": "http.response.body", "body": encode_event(event), "more_body": True})

    async def _say_goodbye(self, scope: Scope, receive: Receive, send: Send) -> None:
        """End an answer in good order that the daemon's stop has interrupted."""
        error = Unavailable("The model daemon is being restarted.", "Try again in a moment.")
        if not self._begun:
            return await problem_response(error)(scope, receive, send)
        await self._send_event(send, failed_event("server_error", error.detail))
        await send({"type": "http.response.body", "body": b""})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _cancel_after(end: Callable[[], Awaitable[object]], scope: anyio.CancelScope) -> None:
    await end()
    scope.cancel()
