"""Relays requests from a sandbox to the model daemon: one parsed request a connection, rebuilt with the job's ticket.

Whatever connects inside is hostile, so only the body of its request passes: the relay sets method, path and headers
itself, and closes the connection after the answer, so that no second request can be smuggled in.
"""

import asyncio
import functools
import json
import logging
import socket
from dataclasses import dataclass

import h11

from daemons.worker.model_relay.http_exchange import HttpExchange
from daemons.worker.sandbox.output import Tail
from daemons.worker.sandbox.readiness import wait_readable
from shared.clients.daemon import Response
from shared.clients.model import ModelClient
from shared.domain.errors import BadGateway, PageWrightError

_log = logging.getLogger(__name__)

_METHOD, _PATH = b"POST", b"/v1/responses"
_MOST_BODY_BYTES = 8 << 20
_MOST_CONNECTIONS = 8
_PAUSE_SECONDS = 0.05
# How the model daemon ends an answer in which it failed, and the longest such end.
_FAILED, _FAILURE_BYTES = b"event: response.failed\ndata: ", 8 << 10
_CONTENT_TYPES = ("text/event-stream", "application/json")


@dataclass(frozen=True)
class RelayLimits:
    """How long a request may take to come, its answer to begin and each piece to be written, and an answer's length.

    `restart_seconds` is how long the model daemon is waited for while it is being restarted.
    """

    request_seconds: float = 30.0
    answer_seconds: float = 180.0
    write_seconds: float = 30.0
    restart_seconds: float = 15.0
    answer_bytes: int = 64 << 20


RELAY_LIMITS = RelayLimits()


class ModelRelay:
    """Serves the socket that listens inside a sandbox: call it with that socket, cancel it to close.

    `trouble` is the error of the last request to the model, None if it succeeded.
    """

    def __init__(self, model_address: str, ticket: str, limits: RelayLimits = RELAY_LIMITS) -> None:
        self.trouble: PageWrightError | None = None
        self._limits = limits
        self._address = model_address
        self._ticket = ticket
        self._slots = asyncio.Semaphore(_MOST_CONNECTIONS)

    async def __call__(self, listener: socket.socket) -> None:
        """Relay every connection, a few at a time, until cancelled."""
        model = ModelClient(self._address, self._ticket, self._limits.answer_seconds)
        async with model, asyncio.TaskGroup() as group:
            while True:
                await self._slots.acquire()
                connection = await _accept(listener)
                task = group.create_task(self._serve(connection, model))
                task.add_done_callback(functools.partial(self._close, connection))

    async def _serve(self, connection: socket.socket, model: ModelClient) -> None:
        """Serve one connection to its end; whatever it sends, the relay goes on serving others."""
        try:
            await self._exchange(HttpExchange(connection, self._limits.write_seconds), model)
        except (OSError, h11.ProtocolError) as error:  # a timeout is an OSError
            _log.debug("a connection from the sandbox was dropped: %s", type(error).__name__)
        else:
            return
        await asyncio.sleep(_PAUSE_SECONDS)

    def _close(self, connection: socket.socket, _: asyncio.Task[None]) -> None:
        """Close the connection and free its slot, also if the task was cancelled before it began."""
        connection.close()
        self._slots.release()

    async def _exchange(self, exchange: HttpExchange, model: ModelClient) -> None:
        try:
            async with asyncio.timeout(self._limits.request_seconds):
                body = await exchange.read_request(_METHOD, _PATH, _MOST_BODY_BYTES)
        except PageWrightError as refusal:
            await _refuse(exchange, refusal)
            return
        try:
            await _relay(model, exchange, body, self._limits)
            self.trouble = None
        except PageWrightError as trouble:
            if not self.trouble:  # log once: a program that keeps asking must not fill the journal
                _log.warning("the model did not answer: %d %s", trouble.status, trouble.detail)
            self.trouble = trouble
            await _refuse(exchange, trouble)


async def _refuse(exchange: HttpExchange, error: PageWrightError) -> None:
    """Refuse, and pause: a program that connects in a loop must not keep the worker busy."""
    await exchange.send_problem(error)
    await asyncio.sleep(_PAUSE_SECONDS)


async def _relay(model: ModelClient, exchange: HttpExchange, body: bytes, limits: RelayLimits) -> None:
    """Ask the model and stream its answer. Raises a PageWrightError if it fails, is refused or does not come."""
    async with model.answer(body, limits.restart_seconds) as answer:
        await exchange.start_answer(answer.status_code, _content_type(answer))
        sent, end = 0, Tail(_FAILURE_BYTES)
        async for data in answer.aiter_raw():
            sent += len(data)
            end.feed(data)
            if sent > limits.answer_bytes:
                raise BadGateway("The model's answer is too long.", "Ask for a smaller change.")
            await exchange.send_data(data)
        await exchange.finish()
    _raise_failure(end.kept)


def _raise_failure(end: bytes) -> None:
    """Raise the error in the last event if the model failed in mid-answer; the model daemon wrote its text."""
    _, failed, data = end.rpartition(_FAILED)
    try:
        text = str(json.loads(data)["response"]["error"]["message"]) if failed else ""
    except (ValueError, LookupError, TypeError):
        return
    detail, more, hint = text.partition(". ")
    if text:
        raise BadGateway(f"{detail}." if more else detail, hint or "Try again in a few minutes.")


async def _accept(listener: socket.socket) -> socket.socket:
    """The next connection. A watch and no retry: lasts as long as the sandbox."""
    while True:
        try:
            await wait_readable(listener.fileno())
            connection, _ = listener.accept()
            connection.setblocking(False)
        except OSError:  # the client has gone, or too many files are open just now
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            return connection


def _content_type(answer: Response) -> str:
    """The answer's content type. Raises BadGateway for one that no model's answer has."""
    content_type: str = answer.headers.get("content-type", "").partition(";")[0].strip()
    if content_type not in _CONTENT_TYPES:
        raise BadGateway("The model answered with something else than text.", "Try again in a few minutes.")
    return content_type
