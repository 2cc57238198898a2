"""What nginx compresses of the UI's answers, and where it looks for a file that one of several apis does not have."""

import gzip
import http.server
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.web_server import Answer, WebServer, ask, running_web_server

_BODY = b"All work and no play makes a page heavy. " * 100
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class _Api(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Stands where an api stands; `folder` is that of its own files."""

    daemon_threads = True
    folder = ""


class _Answers(http.server.BaseHTTPRequestHandler):
    server: _Api

    def address_string(self) -> str:
        return ""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        is_missing = self.path.startswith("/static/") and not self.path.startswith(f"/static/{self.server.folder}/")
        self.send_response(404 if is_missing else 200)
        self.send_header("Content-Type", self._kind())
        self.send_header("ETag", '"tag"')
        self.send_header("Content-Length", str(len(_BODY)))
        self.end_headers()
        self.wfile.write(_BODY)

    def _kind(self) -> str:
        if self.path.startswith("/api/"):
            return "application/json"
        return _KINDS.get(Path(self.path).suffix, "text/html; charset=utf-8")


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """nginx before two apis that are of two releases."""
    folder = tmp_path_factory.mktemp("apis")
    apis = [_Api(str(folder / name), _Answers) for name in ("a", "b")]
    threads = [threading.Thread(target=api.serve_forever, args=(0.05,)) for api in apis]
    for api, thread, name in zip(apis, threads, ("old", "new"), strict=True):
        Path(str(api.server_address)).chmod(0o777)
        api.folder = name
        thread.start()
    for parent in (folder, folder.parent, folder.parent.parent):
        parent.chmod(0o755)
    with running_web_server(folder, [f"unix:{api.server_address}" for api in apis]) as server:
        yield server
    for api, thread in zip(apis, threads, strict=True):
        api.shutdown()
        api.server_close()
        thread.join()


def _ask(server: WebServer, path: str, **headers: str) -> Answer:
    connection = server.connect()
    connection.port = server.app_port
    try:
        return ask(connection, "app.test", path, {"Accept-Encoding": "gzip"} | headers)
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/sites", "/static/new/app.css", "/static/new/app.js", "/static/new/favicon.svg"])
def test_pages_styles_and_scripts_are_compressed(nginx: WebServer, path: str) -> None:
    answer = _ask(nginx, path)
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert answer.headers["etag"] == 'W/"tag"'
    assert gzip.decompress(answer.body) == _BODY
    assert len(answer.body) < len(_BODY) / 10


@pytest.mark.parametrize("path", ["/api/v1/tokens", "/sign-in/pw-link-secret"])
def test_what_may_hold_a_secret_is_not(nginx: WebServer, path: str) -> None:
    answer = _ask(nginx, path)
    assert ("content-encoding" in answer.headers, answer.body) == (False, _BODY)


@pytest.mark.parametrize(("caused_by", "compressed"), [("cross-site", False), ("same-site", False), ("none", True)])
def test_a_page_that_another_website_asks_for_is_not(nginx: WebServer, caused_by: str, compressed: bool) -> None:
    """It could choose what the page repeats, and learn the rest from the size."""
    answer = _ask(nginx, "/sites/guess", **{"Sec-Fetch-Site": caused_by})
    assert (answer.status, "content-encoding" in answer.headers) == (200, compressed)


def test_a_file_that_one_api_lacks_comes_from_the_other(nginx: WebServer) -> None:
    """Each of them is asked first about as often; while one is upgraded, pages of both releases are open."""
    for _ in range(4):
        assert [_ask(nginx, f"/static/{name}/app.css").status for name in ("old", "new")] == [200, 200]
    assert _ask(nginx, "/static/gone/app.css").status == 404
