"""A server at a UNIX address that stops under load answers everybody whom it let in."""

import asyncio
import http.client
import socket
import threading
from collections import Counter
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from shared.runtime.http_server import HttpServer
from shared.runtime.web import http_app
from tests.support.daemon_process import short_directory

_CALLERS = 8
_BEFORE_THE_STOP_SECONDS = 0.5


async def _answer(request: Request) -> Response:
    return PlainTextResponse(await request.body())


def _call_until_refused(address: str, count: Callable[[str], None]) -> None:
    """One POST after the other, each on a connection of its own."""
    while True:
        connection = http.client.HTTPConnection("server")
        connection.sock = socket.socket(socket.AF_UNIX)
        try:
            connection.sock.connect(address.removeprefix("unix:"))
        except OSError:
            connection.close()
            return count("refused")
        try:
            connection.request("POST", "/", b"said")
            count(connection.getresponse().read().decode())
        except (OSError, http.client.HTTPException) as error:
            count(type(error).__name__)
        finally:
            connection.close()


async def _stop_under_load(address: str) -> Counter[str]:
    server = HttpServer(http_app([Route("/", _answer, methods=["POST"])]), address)
    serving = asyncio.create_task(server.run_until_stopped())
    outcomes: list[str] = []
    callers = [threading.Thread(target=_call_until_refused, args=[address, outcomes.append]) for _ in range(_CALLERS)]
    for caller in callers:
        caller.start()
    await asyncio.sleep(_BEFORE_THE_STOP_SECONDS)
    server.should_exit = True
    await serving
    for caller in callers:
        await asyncio.to_thread(caller.join)
    return Counter(outcomes)


def test_a_stop_resets_no_connection() -> None:
    """A POST that was cut off may have been done, so nobody could send it to another server."""
    with short_directory() as folder:
        outcomes = asyncio.run(_stop_under_load(f"unix:{folder}/socket"))
    assert outcomes["refused"] == _CALLERS
    assert outcomes["said"] > _CALLERS
    assert set(outcomes) == {"refused", "said"}, outcomes
