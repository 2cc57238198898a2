"""Asks another process something short over HTTP: one request, its whole answer.

Pages and publications are made of such calls, and with httpx each takes a millisecond of processor time. This takes a
sixth of it, with the parser that our servers use; what is long or comes in pieces is left to httpx.
"""

import asyncio
import json as json_module
from collections.abc import Mapping
from typing import Self
from urllib.parse import quote, urlencode

from httptools import HttpParserError, HttpResponseParser

from shared.clients.daemon import (
    IDLE_SECONDS,
    ConnectError,
    ReadError,
    ReadTimeout,
    Response,
    TransportError,
    context_headers,
)


class ShortCalls:
    """A server at `unix:/path` or `host:port`; close it at the end.

    Raises a TransportError if no answer comes: ConnectError if the server has not got the request.
    """

    def __init__(self, address: str, headers: Mapping[str, str] | None = None, timeout: float = 30.0) -> None:
        self._address = address
        self._headers = {"Host": "daemon" if address.startswith("unix:") else address, **(headers or {})}
        self._timeout = timeout
        self._idle: list[_Connection] = []

    async def close(self) -> None:
        """Close what is open and asks nothing."""
        while self._idle:
            self._idle.pop().close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int | float] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        json: object = None,
        timeout: float | None = None,  # noqa: ASYNC109  # as httpx has it
    ) -> Response:
        """The answer, within `timeout` seconds in all. No HEAD, whose answers this can't tell from others."""
        more: dict[str, str] = {}
        if json is not None:
            content, more = json_module.dumps(json).encode(), {"Content-Type": "application/json"}
        if content or method != "GET":
            more["Content-Length"] = str(len(content))
        target = quote(path, safe="/%~:@!$&'()*+,;=") + (f"?{urlencode(params)}" if params else "")
        head = _head(method, target, {**self._headers, **more, **context_headers(), **(headers or {})})
        limit = self._timeout if timeout is None else timeout
        try:
            async with asyncio.timeout(limit):
                return await self._exchange(head + content)
        except TimeoutError:
            raise ReadTimeout(f"no answer in {limit:.0f} s") from None

    async def _exchange(self, request: bytes) -> Response:
        connection = await self._connected()
        try:
            answer = await connection.ask(request)
        except BaseException:
            connection.close()
            raise
        if connection.is_open:
            self._idle.append(connection)
        return answer

    async def _connected(self) -> "_Connection":
        """One that was used a moment ago, or a new one: no request is sent into a connection that the server closes."""
        newest = asyncio.get_running_loop().time() - IDLE_SECONDS
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open and connection.used_at > newest:
                return connection
            connection.close()
        loop = asyncio.get_running_loop()
        try:
            if self._address.startswith("unix:"):
                _, connection = await loop.create_unix_connection(_Connection, self._address.removeprefix("unix:"))
            else:
                host, _, port = self._address.rpartition(":")
                _, connection = await loop.create_connection(_Connection, host.strip("[]"), int(port))
        except OSError as error:
            raise ConnectError(str(error)) from error
        return connection


class _Connection(asyncio.Protocol):
    """One request at a time and its answer; the parser calls the methods `on_…`."""

    def __init__(self) -> None:
        self.used_at = 0.0
        self.is_open = False
        self._transport: asyncio.Transport
        self._answer: asyncio.Future[Response] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self.is_open = transport, True

    async def ask(self, request: bytes) -> Response:
        """The answer to a request; raises ReadError if it does not come whole."""
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._parser = HttpResponseParser(self)
        self._answer = asyncio.get_running_loop().create_future()
        if not self.is_open:
            raise ReadError("the connection was closed")
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        self.is_open = False
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            return self.close()  # nobody has asked for this
        try:
            self._parser.feed_data(data)
        except HttpParserError as error:
            self._fail(f"no HTTP: {error}")

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(str(error or "the connection was closed"))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value))

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        assert self._answer
        if self._answer.done():
            return
        if not self._parser.should_keep_alive():
            self.close()
        self.used_at = asyncio.get_running_loop().time()
        try:
            answer = Response(self._parser.get_status_code(), headers=self._headers, content=b"".join(self._body))
        except TransportError as error:  # it can't be decompressed
            self._fail(str(error))
        else:
            self._answer.set_result(answer)

    def _fail(self, reason: str) -> None:
        self.close()
        if self._answer and not self._answer.done():
            self._answer.set_exception(ReadError(reason))


def _head(method: str, target: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a header holds the end of a line")
    return "\r\n".join([*lines, "", ""]).encode()
