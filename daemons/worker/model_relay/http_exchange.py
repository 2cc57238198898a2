"""Reads one HTTP request strictly on a connection from the sandbox, and answers it once."""

import asyncio
import json
import socket

import h11

from shared.domain.errors import InvalidInput, NotFound, PageWrightError, TooLarge

_MOST_HEAD_BYTES = 16 << 10
_CHUNK = 16 << 10


class HttpExchange:
    """The server's side of a connection that carries a single request."""

    def __init__(self, connection: socket.socket, write_seconds: float) -> None:
        self._socket = connection
        self._write_seconds = write_seconds
        self._parser = h11.Connection(h11.SERVER, max_incomplete_event_size=_MOST_HEAD_BYTES)

    async def read_request(self, method: bytes, path: bytes, most_bytes: int) -> bytes:
        """The body of a request with this method and path.

        Raises NotFound, TooLarge or InvalidInput for any other request, h11.ProtocolError if it is not HTTP, OSError.
        """
        request = await self._next_event()
        if not isinstance(request, h11.Request):
            raise ConnectionError("closed without a request")
        _check_head(request, method, path)
        body = bytearray()
        while isinstance(event := await self._next_event(), h11.Data):
            body += event.data
            if len(body) > most_bytes:
                raise TooLarge("The request is too large.")
        if self._parser.trailing_data[0]:
            raise InvalidInput("There is more than one request on this connection.")
        return bytes(body)

    async def _next_event(self) -> h11.Event | type[h11.PAUSED]:
        while (event := self._parser.next_event()) is h11.NEED_DATA:
            self._parser.receive_data(await asyncio.get_running_loop().sock_recv(self._socket, _CHUNK))
        return event  # type: ignore[return-value]

    async def start_answer(self, status: int, content_type: str) -> None:
        """Send the head of the answer; the connection closes after it."""
        headers = [("Content-Type", content_type), ("Connection", "close")]
        await self._send(h11.Response(status_code=status, headers=headers))

    async def send_data(self, data: bytes) -> None:
        """Send a part of the answer's body."""
        await self._send(h11.Data(data=data))

    async def finish(self) -> None:
        """End the answer."""
        await self._send(h11.EndOfMessage())

    async def send_problem(self, error: PageWrightError) -> None:
        """Answer with an error; an answer that has begun already stays visibly incomplete instead."""
        if self._parser.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            await self.start_answer(int(error.status), "application/problem+json")
            await self.send_data(json.dumps(error.problem()).encode())
            await self.finish()

    async def _send(self, event: h11.Event) -> None:
        data = self._parser.send(event)
        if data:
            async with asyncio.timeout(self._write_seconds):
                await asyncio.get_running_loop().sock_sendall(self._socket, data)


def _check_head(request: h11.Request, method: bytes, path: bytes) -> None:
    if request.method != method or request.target != path:
        raise NotFound("Only the model can be reached from here.")
    names = [name for name, _ in request.headers]
    if b"upgrade" in names or (b"content-length" in names and b"transfer-encoding" in names):
        raise InvalidInput("The request's headers can be read in more than one way.")
