"""The frame of every daemon: listeners, readiness and watchdog to systemd, health, metrics, clean stop.

A daemon's `__main__` calls `run_daemon("storage", StorageSettings, open_storage)`, where `open_storage` is an
async context manager that takes the settings and yields a `Service`.
"""

import asyncio
import gc
import importlib.metadata
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeVar

import sdnotify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from shared.domain.errors import InvalidInput, PageWrightError
from shared.runtime import metrics
from shared.runtime.http_server import HttpServer
from shared.runtime.journal import configure_logging
from shared.runtime.listeners import HandedSockets, take_handed_sockets
from shared.runtime.settings import Settings
from shared.runtime.web import http_app, problem_response

_log = logging.getLogger(__name__)
S = TypeVar("S", bound=Settings)


async def _always_ready() -> None:
    """The readiness of a daemon that depends on nothing."""


async def _nothing_to_measure() -> None:
    """The gauges of a daemon that has none of its own."""


@dataclass(frozen=True)
class Service:
    """What a daemon is made of.

    `work` runs until the event is set and then ends by itself; a daemon without an app needs it.
    `ready` raises a PageWrightError that says what is missing while the daemon can't do its job.
    `measure` sets the daemon's gauges; it is called before each answer to `/metrics`, is quick, and does not raise.
    """

    admin_listen: str
    app: ASGIApp | None = None
    listen: str | None = None
    work: Callable[[asyncio.Event], Coroutine[None, None, None]] | None = None
    ready: Callable[[], Awaitable[None]] = _always_ready
    measure: Callable[[], Awaitable[None]] = _nothing_to_measure


def run_daemon(
    name: str, settings_type: type[S], open_service: Callable[[S], AbstractAsyncContextManager[Service]]
) -> None:
    """Run a daemon until SIGTERM or SIGINT.

    Exits 2 with a sentence a line on bad settings, 1 with a sentence if what they name can't be used.
    """
    settings = load_settings(settings_type)
    configure_logging(f"pagewright-{name}", settings.log_level)
    try:
        asyncio.run(_serve(name, settings, take_handed_sockets(), open_service))
    except PageWrightError as error:
        sys.stderr.write(f"{error.detail} {error.hint}\n")
        sys.exit(1)


def load_settings(settings_type: type[S]) -> S:
    """The settings, or exit 2 with what is missing or wrong, by variable name and without values."""
    try:
        return settings_type()
    except ValidationError as error:
        for fault in error.errors(include_input=False, include_context=False):
            meaning = fault["msg"].removeprefix("Value error, ")
            sys.stderr.write(f"Setting PAGEWRIGHT_{str(fault['loc'][0]).upper()}: {meaning}.\n")
        sys.exit(2)


async def _serve(
    name: str,
    settings: S,
    handed: HandedSockets,
    open_service: Callable[[S], AbstractAsyncContextManager[Service]],
) -> None:
    stop = asyncio.Event()
    metrics.BUILD_INFO.labels(name, importlib.metadata.version("pagewright")).set(1)
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    async with open_service(settings) as service:
        notifier = sdnotify.SystemdNotifier()
        servers = list(_servers(service, handed))
        tasks = [asyncio.create_task(server.run_until_stopped()) for server in servers]
        if service.work:
            tasks.append(asyncio.create_task(service.work(stop)))
        watchdog = asyncio.create_task(_keep_watchdog(notifier))
        notifier.notify(f"READY=1\nSTATUS={name} is up")
        gc.freeze()  # what is there now stays: no later collection looks through it
        _log.info("ready")
        await _until_stopped(stop, tasks)
        notifier.notify("STOPPING=1")
        for server in servers:
            server.should_exit = True
        await asyncio.wait(tasks)  # if one failed, the others still finish their requests
        watchdog.cancel()
        for task in tasks:
            task.result()
    _log.info("stopped")


def _servers(service: Service, handed: HandedSockets) -> Iterator[HttpServer]:
    """The admin app, and the daemon's own if it has one."""
    yield HttpServer(_admin_app(service), service.admin_listen, handed.admin)
    if service.app and service.listen:
        yield HttpServer(service.app, service.listen, handed.service)
    elif handed.service:
        raise InvalidInput("This daemon answers nobody.", "Take the socket named `service` from its unit.")


async def _until_stopped(stop: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    """Wait for the stop signal; a task that ends on its own stops the daemon, and its error propagates."""
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    stop.set()


async def _keep_watchdog(notifier: sdnotify.SystemdNotifier) -> None:
    """Tell systemd, twice per interval, that the event loop runs."""
    interval = int(os.environ.get("WATCHDOG_USEC", "0")) / 2_000_000
    while interval:
        notifier.notify("WATCHDOG=1")
        await asyncio.sleep(interval)


def _admin_app(service: Service) -> ASGIApp:
    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_: Request) -> Response:
        try:
            await service.ready()
        except PageWrightError as error:
            return problem_response(error)
        return PlainTextResponse("ready\n")

    async def scrape(_: Request) -> Response:
        await service.measure()
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return http_app([Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", scrape)])
