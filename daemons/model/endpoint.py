"""The model API outside: sends rebuilt requests, passes its events on, and turns its faults into our errors.

Neither the client nor the journal gets the endpoint's own words about a fault.
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import Any

from daemons.model.endpoint_faults import EndpointBusy, error_for_status, failure_code
from daemons.model.event_stream import ENDS, BrokenStreamError, EventReader, StreamEvent, failed_event, says_something
from shared.clients.daemon import AsyncClient, Response, Timeout, TransportError
from shared.domain.errors import BadGateway, PageWrightError
from shared.runtime import metrics

_log = logging.getLogger(__name__)

_ATTEMPTS = 3
_LONGEST_WAIT = 30.0  # seconds, in which the client hears nothing
_FAULT_BYTES = 64 << 10
_STATUS_HINT = "Operators: check PAGEWRIGHT_MODEL_BASE_URL."


@dataclass
class _Stopwatch:
    """Adds up the time spent waiting."""

    seconds: float = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        started = time.monotonic()
        try:
            yield
        finally:
            self.seconds += time.monotonic() - started


class Endpoint:
    """One Responses API endpoint, with one model and one key."""

    def __init__(self, client: AsyncClient, name: str, key: str, silence: float, response_bytes: int) -> None:
        self._client = client
        self.name = name
        self._key = key
        self._silence = silence
        self._response_bytes = response_bytes

    async def events(self, body: dict[str, Any]) -> AsyncGenerator[StreamEvent, None]:
        """The endpoint's events, checked, without the key should it ever come back.

        Raises a PageWrightError instead of the first event if there is no answer; later faults are events.
        """
        begun = False
        async with aclosing(self._answers(body)) as answers:
            try:
                async for event in answers:
                    begun = True
                    yield self._without_key(event)
            except PageWrightError as error:
                if not begun:
                    raise
                yield failed_event("server_error", f"{error.detail} {error.hint}".strip())

    async def _answers(self, body: dict[str, Any]) -> AsyncGenerator[StreamEvent, None]:
        begun = False
        try:
            async with aclosing(await self._when_free(body)) as response:
                begun = True
                async with aclosing(self._read(response)) as events:
                    async for event in events:
                        yield event
        except (Timeout, TimeoutError):
            raise self._fault("silent", "The model API does not answer.", "Try again in a few minutes.") from None
        except TransportError as error:
            _log.warning("the connection to the model API failed: %s", type(error).__name__)
            if begun:
                raise self._cut() from None
            raise self._fault(
                "unreachable", "The connection to the model API failed.", "Try again in a few minutes."
            ) from None

    async def _when_free(self, body: dict[str, Any]) -> Response:
        """The answer's head. Asks again while the endpoint is busy, because Codex gives up at the first 429.

        This is no retry of ours: the endpoint itself says when to come back.
        """
        for _ in range(_ATTEMPTS - 1):
            try:
                return await self._open(body)
            except EndpointBusy as busy:
                if busy.seconds > _LONGEST_WAIT:
                    raise
                await asyncio.sleep(busy.seconds)
        return await self._open(body)

    async def _open(self, body: dict[str, Any]) -> Response:
        """Send the request and check the answer's head, within the time that the endpoint may be silent."""
        async with asyncio.timeout(self._silence):
            response = await self._client.send(self._client.build_request("POST", "responses", json=body), stream=True)
            try:
                await self._check_head(response)
            except BaseException:
                await response.aclose()
                raise
        return response

    async def _check_head(self, response: Response) -> None:
        """Raise the error that fits an answer which is no stream."""
        if response.status_code != 200:
            metrics.MODEL_ANSWERS.labels(str(response.status_code)).inc()
            code = await _fault_code(response)
            _log.warning("the model API answered with status %d, code %s", response.status_code, code or "unknown")
            if response.status_code == 429 and code != "insufficient_quota":
                raise EndpointBusy.until(response.headers.get("retry-after", ""))
            raise error_for_status(response.status_code, code, self.name)
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "text/event-stream" or "content-encoding" in response.headers:
            raise self._fault("not_a_stream", "The model API's address answers, but not as a model does.", _STATUS_HINT)

    async def _read(self, response: Response) -> AsyncGenerator[StreamEvent, None]:
        """The events up to the one that ends the answer; raises if it does not come.

        The silence counts from the last event with content: comments, empty events and the bytes of an unfinished
        event don't restart it.
        """
        reader, received, chunks, quiet = EventReader(), 0, response.aiter_raw(), _Stopwatch()
        while True:
            with quiet.running():
                async with asyncio.timeout(self._silence - quiet.seconds):
                    chunk = await anext(chunks, b"")
            if not chunk:
                break
            received += len(chunk)
            if received > self._response_bytes:
                raise self._fault("too_long", "The model's answer is longer than allowed.", "Ask for a smaller change.")
            try:
                for event in reader.feed(chunk):
                    if says_something(event):
                        quiet.seconds = 0
                    yield _in_our_words(event)
                    if event["type"] in ENDS or event["type"] == "error":
                        metrics.MODEL_ANSWERS.labels(event["type"].removeprefix("response.")).inc()
                        return
            except BrokenStreamError as fault:
                _log.warning("the model API's stream is broken: %s", fault)
                raise self._fault("garbage", "The model API's answer can't be read.", _STATUS_HINT) from None
        raise self._cut()

    def _cut(self) -> BadGateway:
        return self._fault("cut", "The model API's answer broke off.", "Try again in a moment.")

    @staticmethod
    def _fault(label: str, detail: str, hint: str) -> BadGateway:
        metrics.MODEL_ANSWERS.labels(label).inc()
        return BadGateway(detail, hint)

    def _without_key(self, event: StreamEvent) -> StreamEvent:
        """An endpoint that repeats what it was sent must not give the key away."""
        text = json.dumps(event)
        if not self._key or json.dumps(self._key)[1:-1] not in text:
            return event
        cleaned: StreamEvent = json.loads(text.replace(json.dumps(self._key)[1:-1], "[key]"))
        return cleaned


def _in_our_words(event: StreamEvent) -> StreamEvent:
    """A failure keeps its code, by which Codex decides whether to try again, and gets a message of ours."""
    if event["type"] not in ("error", "response.failed"):
        return event
    response = event.get("response")
    error = response.get("error") if isinstance(response, dict) else event
    code = failure_code(error)
    failed = failed_event(code, f"The model API gave up ({code}).")
    usage = response.get("usage") if isinstance(response, dict) else None
    return {**failed, "response": {**failed["response"], "usage": usage}}


async def _fault_code(response: Response) -> str:
    """The code in an error answer's body, of which we read no more than a little."""
    body = b""
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > _FAULT_BYTES:
            return ""
    try:
        error = json.loads(body)["error"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return ""
    return failure_code(error)
