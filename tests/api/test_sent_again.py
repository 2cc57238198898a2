"""Requests whose api goes away under them: nginx sends to another one what may be sent twice, and nothing else."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.web_server import running_web_server

_DONE = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextmanager
def running_peer(answer: bytes, bodies: list[bytes]) -> Iterator[str]:
    """An api's address where requests are read whole, and answered with these bytes; none: it dies then."""

    class Peer(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            length = 0
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            bodies.append(self.rfile.read(length))
            self.wfile.write(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Peer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("headers", "status"), [({"Idempotency-Key": "one"}, 201), ({}, 503)])
def test_a_request_that_an_api_took_along(headers: dict[str, str], status: int, tmp_path: Path) -> None:
    dying, living = list[bytes](), list[bytes]()
    with ExitStack() as ends:
        peers = [ends.enter_context(running_peer(b"", dying)), ends.enter_context(running_peer(_DONE, living))]
        web = ends.enter_context(running_web_server(tmp_path, peers))
        answer = httpx.post(
            f"http://127.0.0.1:{web.app_port}/api/v1/sites/bakery/jobs?x=1",
            content=b"said" * 10_000,
            headers={"Host": "app.test"} | headers,
            trust_env=False,
        )
    assert (answer.status_code, dying) == (status, [b"said" * 10_000])
    assert living == [b"said" * 10_000] * (status == 201)
    assert status == 201 or "the same Idempotency-Key" in answer.json()["hint"]
