"""What all our HTTP servers share: problem answers, body limits, and the metrics and id of each request."""

import json
import logging
import re
import time
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.domain.errors import InvalidInput, PageWrightError, TooLarge
from shared.domain.vocabulary import new_id
from shared.runtime import metrics
from shared.runtime.journal import CONTEXT_HEADERS, log_context

_log = logging.getLogger(__name__)
# A name from the caller is used only if it can't break a log line or a journal field.
_SANE_NAME = re.compile(r"[A-Za-z0-9._-]{8,64}")


def problem_response(error: PageWrightError) -> Response:
    """An error as `application/problem+json`."""
    return JSONResponse(error.problem(), int(error.status), error.headers, media_type="application/problem+json")


async def _known_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, PageWrightError)
    return problem_response(error)


async def _routing_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = {"type": "about:blank", "title": error.detail, "status": error.status_code, "detail": error.detail}
    return JSONResponse(
        problem | {"hint": ""}, error.status_code, headers=error.headers, media_type="application/problem+json"
    )


async def _unknown_error(request: Request, error: Exception) -> Response:
    _log.error("unexpected error in %s %s", request.method, request.scope.get("path"), exc_info=error)
    return problem_response(PageWrightError("Something went wrong on our side.", "Try again in a moment."))


def http_app(routes: list[BaseRoute], middleware: list[Middleware] | None = None) -> Starlette:
    """A Starlette application with our error shape and request metrics."""
    return Starlette(
        routes=routes,
        middleware=[Middleware(RequestIdMiddleware), Middleware(RequestMetricsMiddleware), *(middleware or [])],
        exception_handlers={
            PageWrightError: _known_error,
            HTTPException: _routing_error,
            Exception: _unknown_error,
        },
    )


async def limited_body(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The body's chunks; raises TooLarge beyond `limit` bytes, whatever the headers promise."""
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > limit:
            raise TooLarge(f"The request is larger than {limit} bytes.", "Send less.")
        yield chunk


async def json_body(request: Request, limit: int = 1 << 20) -> object:
    """The decoded JSON body; raises InvalidInput or TooLarge."""
    data = b"".join([chunk async for chunk in limited_body(request, limit)])
    try:
        decoded: object = json.loads(data)
    except (ValueError, RecursionError):
        raise InvalidInput("The request's body is not JSON.", "Send a JSON document.") from None
    return decoded


class RequestIdMiddleware:
    """Pure ASGI: puts the id of each request, the caller's or a new one, on its log lines and into its answer.

    A daemon that calls for a job sends the job's id too. nginx overwrites both headers, so outsiders can't set them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        given = Headers(scope=scope)
        fields = {
            field: value
            for field, header in CONTEXT_HEADERS.items()
            if _SANE_NAME.fullmatch(value := given.get(header, ""))
        }
        fields.setdefault("request", new_id())

        async def name(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[CONTEXT_HEADERS["request"]] = fields["request"]
            await send(message)

        with log_context(**fields):
            await self._app(scope, receive, name)


class RequestMetricsMiddleware:
    """Pure ASGI: counts each request by route pattern, method and status; times it up to its answer's beginning."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        started, status, seconds = time.perf_counter(), 500, 0.0

        async def watch(message: Message) -> None:
            nonlocal status, seconds
            if message["type"] == "http.response.start":
                status, seconds = message["status"], time.perf_counter() - started
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            labels = (_route(scope), scope["method"], str(status))
            metrics.HTTP_REQUESTS.labels(*labels).inc()
            metrics.HTTP_SECONDS.labels(*labels[:2]).observe(seconds or time.perf_counter() - started)
            if scope["method"] not in ("GET", "HEAD"):
                _log.info("%s: %d", labels[0], status)


def _route(scope: Scope) -> str:
    """The endpoint's name: a path would give a time series to every site."""
    endpoint = scope.get("endpoint")
    return getattr(endpoint, "__name__", "unmatched")
