"""The door between the sandbox and the model daemon: one parsed request a connection, rebuilt with the job's ticket.

Whatever connects inside is hostile. Nothing of its request survives but the body: the method and path are pinned, all
headers are dropped, and a connection ends with its answer, so that a second request has nowhere to hide.
"""

import asyncio
import functools
import json
import logging
import socket
import time
from contextlib import aclosing

import h11

from daemons.worker.model_relay.http_exchange import HttpExchange
from daemons.worker.sandbox.output import Tail
from daemons.worker.sandbox.readiness import readable
from shared.clients.daemon import AsyncClient, ConnectError, Response, TransportError, error_from, open_client
from shared.domain.errors import BadGateway, PageWrightError, Unavailable

_log = logging.getLogger(__name__)

_METHOD, _PATH = b"POST", b"/v1/responses"
_MOST_BODY_BYTES = 8 << 20
_MOST_ANSWER_BYTES = 64 << 20
_MOST_CONNECTIONS = 8
_REQUEST_SECONDS = 30.0
_WRITE_SECONDS = 30.0
_ANSWER_SECONDS = 180.0
_PAUSE_SECONDS = 0.05
_RESTART_SECONDS, _RESTART_PAUSE_SECONDS = 15.0, 0.2
# How the model daemon ends an answer that it had begun, and how long such an end may be.
_FAILED, _FAILURE_BYTES = b"event: response.failed\ndata: ", 8 << 10
_CONTENT_TYPES = ("text/event-stream", "application/json")


class ModelUnreachable(Unavailable):
    """The model daemon itself did not answer; all other trouble is what it answered."""


class ModelDoor:
    """What stands behind a sandbox's door: call it with the listening socket, cancel it to close.

    `trouble` is what went wrong with the last request that reached for the model, None after one that went well.
    """

    def __init__(self, model_address: str, ticket: str) -> None:
        self.trouble: PageWrightError | None = None
        self._address = model_address
        self._headers = {
            "Authorization": f"Bearer {ticket}",
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
        }
        self._slots = asyncio.Semaphore(_MOST_CONNECTIONS)

    async def __call__(self, listener: socket.socket) -> None:
        """Relay every connection, a few at a time, until cancelled."""
        client = open_client(self._address, self._headers, _ANSWER_SECONDS)
        async with client, asyncio.TaskGroup() as group:
            while True:
                await self._slots.acquire()
                connection = await _accept(listener)
                task = group.create_task(self._serve(connection, client))
                task.add_done_callback(functools.partial(self._close, connection))

    async def _serve(self, connection: socket.socket, client: AsyncClient) -> None:
        """One connection from accept to answer; whatever it sends, the door stays open for others."""
        try:
            await self._converse(HttpExchange(connection, _WRITE_SECONDS), client)
        except (OSError, h11.ProtocolError) as error:  # a timeout is an OSError
            _log.debug("a connection from the sandbox was dropped: %s", type(error).__name__)
        else:
            return
        await asyncio.sleep(_PAUSE_SECONDS)

    def _close(self, connection: socket.socket, _: asyncio.Task[None]) -> None:
        """Also when the task was cancelled before it began."""
        connection.close()
        self._slots.release()

    async def _converse(self, exchange: HttpExchange, client: AsyncClient) -> None:
        try:
            async with asyncio.timeout(_REQUEST_SECONDS):
                body = await exchange.read_request(_METHOD, _PATH, _MOST_BODY_BYTES)
        except PageWrightError as refusal:
            await _refuse(exchange, refusal)
            return
        try:
            await _relay(client, exchange, body)
            self.trouble = None
        except PageWrightError as trouble:
            if not self.trouble:  # a program that asks on and on does not fill the journal
                _log.warning("the model did not answer: %d %s", trouble.status, trouble.detail)
            self.trouble = trouble
            await _refuse(exchange, trouble)


async def _refuse(exchange: HttpExchange, error: PageWrightError) -> None:
    """Say no, and take a moment over it: a program that knocks in a loop must not keep the worker busy."""
    await exchange.send_problem(error)
    await asyncio.sleep(_PAUSE_SECONDS)


async def _relay(client: AsyncClient, exchange: HttpExchange, body: bytes) -> None:
    """Ask the model and stream its answer. Raises the PageWrightError that the answer, or its lack, amounts to."""
    try:
        async with aclosing(await _ask(client, body)) as answer:
            content_type = await _check_answer(answer)
            await exchange.start_answer(answer.status_code, content_type)
            sent, end = 0, Tail(_FAILURE_BYTES)
            async for data in answer.aiter_raw():
                sent += len(data)
                end.feed(data)
                if sent > _MOST_ANSWER_BYTES:
                    raise BadGateway("The model's answer is too long.")
                await exchange.send_data(data)
            await exchange.finish()
        _raise_failure(end.kept)
    except TransportError:
        raise ModelUnreachable("The model can't be reached.", "Try again in a minute.") from None


async def _ask(client: AsyncClient, body: bytes) -> Response:
    """The head of the model's answer; a model daemon that is just being restarted is waited for."""
    request = client.build_request(_METHOD.decode(), _PATH.decode(), content=body)
    deadline = time.monotonic() + _RESTART_SECONDS
    while True:
        try:
            return await client.send(request, stream=True)
        except ConnectError:  # so nothing of the request was heard, and it may be sent again
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(_RESTART_PAUSE_SECONDS)


def _raise_failure(end: bytes) -> None:
    """Raise what the last event says if the model gave up in mid-answer; the words are the model daemon's own."""
    _, failed, data = end.rpartition(_FAILED)
    try:
        text = str(json.loads(data)["response"]["error"]["message"]) if failed else ""
    except (ValueError, LookupError, TypeError):
        return
    detail, more, hint = text.partition(". ")
    if text:
        raise BadGateway(f"{detail}." if more else detail, hint or "Try again in a few minutes.")


async def _accept(listener: socket.socket) -> socket.socket:
    while True:
        try:
            await readable(listener.fileno())
            connection, _ = listener.accept()
            connection.setblocking(False)
        except OSError:  # aborted by its other end, or too many files are open for the moment
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            return connection


async def _check_answer(answer: Response) -> str:
    """The content type of a good answer. Raises the error that any other one carries."""
    if answer.status_code != 200:
        await answer.aread()
        raise error_from(answer)
    content_type: str = answer.headers.get("content-type", "").partition(";")[0].strip()
    if content_type not in _CONTENT_TYPES:
        raise BadGateway("The model answered with something else than text.")
    return content_type
