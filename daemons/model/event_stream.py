"""Server-sent events of a Responses API: hostile bytes in, known events out, and events back to bytes."""

import json
import re
from collections.abc import Iterator
from typing import Any

StreamEvent = dict[str, Any]

ENDS = frozenset({"response.completed", "response.incomplete", "response.failed"})

_SIGNS_OF_LIFE = frozenset({"response.queued", "response.in_progress"})

_MOST_EVENT_BYTES = 4 << 20
_LINE_END = re.compile(rb"\r\n|\n|\r")
_KNOWN = re.compile(r"response\.[a-z_.]{1,80}|error")


class BrokenStreamError(Exception):
    """What came is not a stream of events; the message says why, in our own words."""


class EventReader:
    """Takes the bytes as they come; drops comments and events of unknown types."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> Iterator[StreamEvent]:
        """The events that this chunk completes; raises BrokenStreamError on malformed or oversized ones."""
        self._rest += chunk
        # A lone CR at the end may be half of a CRLF.
        whole = max(self._rest.rfind(b"\n"), self._rest.rfind(b"\r", 0, -1)) + 1
        if len(self._rest) - whole > _MOST_EVENT_BYTES:
            raise BrokenStreamError("a line is too long")
        lines = _LINE_END.split(bytes(self._rest[:whole]))[:-1]
        del self._rest[:whole]
        for line in lines:
            event = self._take_line(line)
            if event is not None:
                yield event

    def _take_line(self, line: bytes) -> StreamEvent | None:
        if line:
            name, _, value = line.partition(b":")
            if name == b"data":
                self._data.append(value.removeprefix(b" "))
                self._size += len(value)
            elif name not in (b"event", b"id", b"retry", b""):
                raise BrokenStreamError("a line is not part of an event")
            if self._size > _MOST_EVENT_BYTES:
                raise BrokenStreamError("an event is too large")
            return None
        data, self._data, self._size = b"\n".join(self._data), [], 0
        return _decode(data) if data and data != b"[DONE]" else None


def _decode(data: bytes) -> StreamEvent | None:
    try:
        # A model may cut a character in two; a stream of events is read with replacements.
        event = json.loads(data.decode(errors="replace"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BrokenStreamError("an event is not JSON") from None
    if not isinstance(event, dict) or not isinstance(event.get("type"), str):
        raise BrokenStreamError("an event has no type")
    return event if _KNOWN.fullmatch(event["type"]) else None


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def says_something(event: StreamEvent) -> bool:
    """Whether an event is more than a sign of life."""
    return event["type"] not in _SIGNS_OF_LIFE and event.get("delta") != ""


def encode_event(event: StreamEvent) -> bytes:
    """The event as bytes of the stream."""
    return f"event: {event['type']}\ndata: {json.dumps(event, separators=(',', ':'))}\n\n".encode()


def failed_event(code: str, message: str) -> StreamEvent:
    """The event that ends an answer which had begun."""
    error = {"code": code, "message": message}
    return {"type": "response.failed", "response": {"object": "response", "status": "failed", "error": error}}
