"""Logging: plain lines on stderr, or journal entries with fields when the journal is listening.

A line never holds a prompt, a page's text or a secret. Bind what a piece of work belongs to with
`log_context(site=…, job=…)`; it follows tasks and calls by itself.
"""

import logging
import os
import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_JOURNAL_SOCKET = "/run/systemd/journal/socket"
_PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}
# The headers by which one daemon tells another its request and job.
CONTEXT_HEADERS = {"request": "X-Request-ID", "job": "X-PageWright-Job"}
_context: ContextVar[Mapping[str, str]] = ContextVar("log_context", default=MappingProxyType({}))


@contextmanager
def log_context(**fields: str) -> Iterator[None]:
    """Add fields such as `site` and `job` to every line logged inside."""
    token = _context.set({**_context.get(), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def log_field(name: str) -> str:
    """The value bound to a field, or an empty text."""
    return _context.get().get(name, "")


def configure_logging(daemon: str, level: str) -> None:
    """Send the root logger's lines to the journal if stderr is connected to it, else to stderr."""
    handler: logging.Handler = JournalHandler(daemon) if "JOURNAL_STREAM" in os.environ else logging.StreamHandler()
    handler.setFormatter(_LineFormatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s%(fields)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "uvicorn.error", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class _LineFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record.fields = "".join(f" {name}={value}" for name, value in sorted(_context.get().items()))
        return super().format(record)


class JournalHandler(logging.Handler):
    """Sends each record as one native journal entry, fields as `PAGEWRIGHT_SITE=` and so on."""

    def __init__(self, daemon: str, path: str = _JOURNAL_SOCKET) -> None:
        super().__init__()
        self._daemon = daemon
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._socket.sendto(self._entry(record), self._path)
        except OSError:
            self.handleError(record)

    def close(self) -> None:
        self._socket.close()
        super().close()

    def _entry(self, record: logging.LogRecord) -> bytes:
        message = record.getMessage()
        if record.exc_info:
            message += "\n" + logging.Formatter().formatException(record.exc_info)
        fields = {
            "MESSAGE": message,
            "PRIORITY": str(_PRIORITIES.get(record.levelno, 6)),
            "SYSLOG_IDENTIFIER": self._daemon,
            "LOGGER": record.name,
        } | {f"PAGEWRIGHT_{name.upper()}": value for name, value in _context.get().items()}
        return b"".join(_field(name, value) for name, value in fields.items())


def _field(name: str, value: str) -> bytes:
    """One field in the journal's native protocol, where a value's length makes newlines safe."""
    data = value.encode(errors="backslashreplace")
    return name.encode() + b"\n" + struct.pack("<Q", len(data)) + data + b"\n"
