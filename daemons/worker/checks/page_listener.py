"""Records a page's errors and requests while it loads; runs inside the sandbox."""

import asyncio
from collections.abc import Callable
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Request, Response, WebError

from daemons.worker.checks.cutting import (
    Cut,
    clean,
    cut,
    cut_records,
    first_source,
    is_foreign,
    own_address,
    reported_address,
    without_origin,
)
from daemons.worker.checks.observation_limits import MOST_ADDRESSES, MOST_ERRORS

# Beyond this many, a page's errors or requests are no longer counted.
_MOST_KEPT = 5_000
# Requests of these kinds may never end.
_ENDLESS = frozenset({"media", "eventsource", "websocket", "ping"})


class PageListener:
    """The errors and requests of one page, with those of its frames, workers and service workers."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._errors: list[dict[str, str]] = []
        self._failed: list[dict[str, str]] = []
        self._blocked: list[dict[str, str]] = []
        self._loads: list[str] = []
        self._pending: set[Request] = set()
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._context: BrowserContext | None = None
        self._handlers: dict[str, Callable[[Any], None]] = {
            "console": self._console,
            "weberror": self._script_error,
            "request": self._request,
            "requestfinished": self._ended,
            "requestfailed": self._request_failed,
            "response": self._response,
        }

    def listen(self, context: BrowserContext) -> None:
        """Begin to record; the context has one empty page."""
        self._context = context
        for event, handler in self._handlers.items():
            context.on(event, handler)  # type: ignore[call-overload]

    def stop(self) -> None:
        """Record nothing from now on."""
        if self._context:
            for event, handler in self._handlers.items():
                self._context.remove_listener(event, handler)

    async def settle(self, seconds: float) -> None:
        """Wait a while until nothing is loading, so that what scripts request is recorded, too."""
        try:
            async with asyncio.timeout(seconds):
                await self._quiet.wait()
        except TimeoutError:
            return

    def report(self) -> dict[str, Cut]:
        """The parts of a PageObservation that were recorded."""
        return {
            "console": cut_records(self._errors, MOST_ERRORS),
            "failed": cut_records(self._failed, MOST_ERRORS),
            "blocked": cut_records(self._blocked, MOST_ERRORS),
            "loads": cut(self._loads, MOST_ADDRESSES),
        }

    def _console(self, message: ConsoleMessage) -> None:
        # The request of a resource that did not load is recorded already.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            source = reported_address(message.location.get("url", ""), self._origin)
            self._note(self._errors, text=without_origin(f"console error: {message.text}", self._origin), source=source)

    def _script_error(self, error: WebError) -> None:
        text = without_origin(f"script error: {error.error.message}", self._origin)
        self._note(self._errors, text=text, source=first_source(error.error.stack or "", self._origin))

    def _request(self, request: Request) -> None:
        address = own_address(request.url, self._origin)
        if address is not None and len(self._loads) < _MOST_KEPT:
            self._loads.append(address.partition("#")[0])
        if request.resource_type not in _ENDLESS:
            self._pending.add(request)
            self._quiet.clear()

    def _ended(self, request: Request) -> None:
        self._pending.discard(request)
        if not self._pending:
            self._quiet.set()

    def _request_failed(self, request: Request) -> None:
        self._ended(request)
        kept = self._blocked if is_foreign(request.url, self._origin) else self._failed
        self._note_request(kept, request, request.failure or "")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._note_request(self._failed, response.request, str(response.status))

    def _note_request(self, kept: list[dict[str, str]], request: Request, reason: str) -> None:
        address = reported_address(request.url, self._origin)
        self._note(kept, address=address, reason=clean(reason), kind=clean(request.resource_type))

    def _note(self, kept: list[dict[str, str]], **record: str) -> None:
        if len(kept) < _MOST_KEPT:
            kept.append(record)
