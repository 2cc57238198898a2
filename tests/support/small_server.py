"""A small HTTP server on a port of its own: a test says how its handler answers, and it ends however the test ends."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class SmallHandler(BaseHTTPRequestHandler):
    """Reads and answers whole bodies, and logs nothing."""

    def respond(self) -> None:
        """Answer a request, whatever its method."""
        raise NotImplementedError

    def do_GET(self) -> None:
        self.respond()

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815

    def sent(self) -> Any:  # noqa: ANN401
        """The JSON of the request; None if it has no body, or a form."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        is_form = self.headers.get("Content-Type", "").startswith("multipart/")
        return None if is_form else json.loads(body or "null")

    def answer(self, status: int, body: bytes, kind: str) -> None:
        """One whole answer; `kind` is its content type."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_json(self, document: object) -> None:
        """A success with this document."""
        self.answer(200, json.dumps(document).encode(), "application/json")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(handler: type[SmallHandler]) -> Iterator[int]:
    """The port at which the handler answers until the block ends."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
