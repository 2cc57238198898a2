"""Serves a folder on the sandbox's loopback exactly as the web hosts do, for the browser that checks it."""

import threading
from collections.abc import Iterable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from daemons.worker.checks.web_answer import WebAnswer, web_answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, site: "ServedFolder", *connection: object) -> None:
        self._site = site
        super().__init__(*connection)  # type: ignore[arg-type]  # socket, address and server, as the server gives them

    def do_GET(self) -> None:
        """Answer a GET or HEAD; every other method is refused by http.server."""
        answer = self._site.answer(self.path)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(answer.body)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: the page's URLs are not ours to log."""


class ServedFolder:
    """Serves a folder in the background at `origin`, such as `http://127.0.0.1:40123`.

    The files of the folder `over` take the place of those of the same path, and `without` are served as if not there.
    """

    def __init__(self, folder: Path, over: Path | None = None, without: Iterable[str] = ()) -> None:
        self._folders = dict.fromkeys(_paths(folder) - frozenset(without), folder)
        self._folders |= dict.fromkeys(_paths(over), over) if over else {}
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{server.server_address[1]}"

    def answer(self, target: str) -> WebAnswer:
        """The answer to a GET of this target."""
        return web_answer(target, self._folders.keys(), self.read)

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return (self._folders[path] / path).read_bytes()

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return path in self._folders


def _paths(folder: Path) -> frozenset[str]:
    return frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
