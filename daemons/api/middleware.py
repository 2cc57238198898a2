"""Stands in front of every route, as pure ASGI: other websites, headers, large bodies, who went, what is cut off."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.domain.errors import NotAllowed, Stopping, TooLarge
from shared.runtime.web import problem_response

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_BODY_BYTES = 1 << 20
_BEGINNING_BYTES = 1 << 14


class SameOrigin:
    """Refuses what another website makes a signed-in browser send.

    A browser says where a request comes from: by Sec-Fetch-Site, or an older one by Origin. Our sites may share a
    registrable domain with us, so `same-site` is not good enough. A request with a bearer token carries
    nothing ambient.
    """

    def __init__(self, app: ASGIApp, public_url: str, cookie: str) -> None:
        self._app = app
        parts = urlsplit(public_url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _SAFE_METHODS and self._is_foreign(Headers(scope=scope)):
            error = NotAllowed("This request came from another website.", "Open PageWright itself and try again.")
            return await problem_response(error)(scope, receive, send)
        await self._app(scope, receive, send)

    def _is_foreign(self, headers: Headers) -> bool:
        if headers.get("authorization", "").lower().startswith("bearer "):
            return False
        if "sec-fetch-site" in headers:
            return headers["sec-fetch-site"] not in ("same-origin", "none")
        if "origin" in headers:
            return headers["origin"] != self._origin
        return f"{self._cookie}=" in headers.get("cookie", "")


class SecurityHeaders:
    """Adds headers to every answer that has not set its own."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, add if scope["type"] == "http" else send)


def security_headers(sites_url: str, public_url: str) -> dict[str, str]:
    """What our own pages may do: load from here, show our sites in frames, and nothing else."""
    framed = sites_url.format(host="*")
    headers = {
        "Content-Security-Policy": (
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
            f"frame-ancestors 'none'; frame-src {framed}"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # Never a path: that of a sign-in link would end up in the web server's log, with the page's style sheets.
        "Referrer-Policy": "strict-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    if public_url.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


class BodyLimit:
    """Refuses bodies above 1 MiB, and above `upload_bytes` where files are sent; raises TooLarge in who reads.

    Of a form that says that it is too large the beginning can be read: what was typed comes before its files.
    """

    def __init__(self, app: ASGIApp, upload_bytes: int) -> None:
        self._app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        kind, announced = headers.get("content-type", ""), headers.get("content-length", "")
        has_files = kind.startswith("multipart/form-data")
        limit = _BODY_BYTES + (self._upload_bytes if has_files else 0)
        received = 0
        promised = int(announced) if announced.isdecimal() else 0

        async def count() -> Message:
            nonlocal received
            if promised <= limit or received < (_BEGINNING_BYTES if has_files else 0):
                message = await receive()
                received += len(message.get("body", b""))
                is_refused = received > limit
            else:
                is_refused = True
            if is_refused:
                found = f"The request has {promised:,} bytes" if promised > limit else "The request is larger"
                raise TooLarge(f"{found}; at most {limit >> 20} MiB are allowed.", "Send less.")
            return message

        await self._app(scope, count, send)


class DropUnheard:
    """Stops working on a GET whose client has gone before there was an answer; counted with the status 499."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return await self._app(scope, receive, send)
        first = await receive()
        if first["type"] != "http.request" or first.get("more_body"):
            return await self._app(scope, _replay([first], receive), send)
        gone = asyncio.ensure_future(receive())
        started = asyncio.Event()

        async def note(message: Message) -> None:
            started.set()
            await send(message)

        work = asyncio.ensure_future(self._app(scope, _replay([first], lambda: asyncio.shield(gone)), note))
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if not work.done() and not started.is_set():
                work.cancel()
                with suppress(asyncio.CancelledError):
                    await work
                return await Response(status_code=499)(scope, receive, send)
            await work
        finally:
            work.cancel()
            gone.cancel()


class AnswerCutOff:
    """Answers what the stop of this process cuts off, in the shape that is expected; an answer under way just ends."""

    def __init__(self, app: ASGIApp, answer: Callable[[Request, Stopping], Response]) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        started = False

        async def note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, note)
        except asyncio.CancelledError:
            if started:
                raise
            hint = "Try again in a few seconds."
            if scope["method"] not in _SAFE_METHODS:
                hint = "Look first whether it has been done; if not, try again in a few seconds."
            error = Stopping("PageWright was stopped before it could answer.", hint)
            await self._answer(Request(scope), error)(scope, receive, send)


def _replay(first: list[Message], receive: Receive) -> Receive:
    """What has been received already, then what comes."""

    async def replayed() -> Message:
        return first.pop(0) if first else await receive()

    return replayed
