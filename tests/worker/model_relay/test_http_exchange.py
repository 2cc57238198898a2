"""One request is read strictly and answered once, whatever a connection sends."""

import asyncio
import socket

import h11
import pytest

from daemons.worker.model_relay.http_exchange import HttpExchange
from shared.domain.errors import InvalidInput, NotFound, PageWrightError, TooLarge

HEAD = b"POST /ask HTTP/1.1\r\nHost: x\r\n"


async def _read(data: bytes) -> bytes:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        return await HttpExchange(ours, 5).read_request(b"POST", b"/ask", 4)


def test_the_body_is_read() -> None:
    assert asyncio.run(_read(HEAD + b"Content-Length: 2\r\n\r\nhi")) == b"hi"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"GET /ask HTTP/1.1\r\nHost: x\r\n\r\n", NotFound),
        (b"POST /other HTTP/1.1\r\nHost: x\r\n\r\n", NotFound),
        (HEAD + b"Content-Length: 5\r\n\r\nhello", TooLarge),
        (HEAD + b"Content-Length: 2\r\n\r\nhiPOST /ask", InvalidInput),
        (HEAD + b"Upgrade: h2c\r\n\r\n", InvalidInput),
        (HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", InvalidInput),
        (b"nonsense\r\n\r\n", h11.RemoteProtocolError),
        (b"", ConnectionError),
    ],
)
def test_anything_else_is_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        asyncio.run(_read(data))


def test_an_answer_that_has_begun_gets_no_second_head() -> None:
    async def play(*, begun: bool) -> bytes:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.setblocking(False)
            theirs.sendall(HEAD + b"Content-Length: 0\r\n\r\n")
            exchange = HttpExchange(ours, 5)
            await exchange.read_request(b"POST", b"/ask", 4)
            if begun:
                await exchange.start_answer(200, "text/plain")
            await exchange.send_problem(PageWrightError("No."))
            return theirs.recv(1 << 16)

    assert asyncio.run(play(begun=False)).startswith(b"HTTP/1.1 500 ")
    assert b"No." not in asyncio.run(play(begun=True))
