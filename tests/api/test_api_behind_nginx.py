"""nginx in front of the api: what gets through, what is logged, and what people see while no api answers."""

import http.server
import json
import signal
import socket
import socketserver
import threading
import time
from collections.abc import Iterator

import pytest

from shared.domain.tree import DEFAULT_LIMITS
from shared.runtime.settings import ApiSettings
from tests.support.web_server import Answer, WebServer, ask

_UPLOAD_BYTES: int = ApiSettings.model_fields["api_upload_bytes"].default


class _Api(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Stands where the api stands: says what it was asked, and sends one event and then waits."""

    daemon_threads = True


class _Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    released = threading.Event()

    def address_string(self) -> str:
        return ""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"e\r\ndata: first\n\n\0\r\n")
        self.released.wait(10)
        self.wfile.write(b"0\r\n\r\n")

    def do_POST(self) -> None:
        size = len(self.rfile.read(int(self.headers["Content-Length"])))
        names = ("Host", "X-Forwarded-For", "X-Forwarded-Proto")
        body = json.dumps({"size": size} | {name: self.headers[name] for name in names}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def api(web_server: WebServer) -> Iterator[None]:
    """A listener on the api's socket."""
    with _Api(str(web_server.api_socket), _Answers) as listener:
        web_server.api_socket.chmod(0o777)
        thread = threading.Thread(target=listener.serve_forever, args=(0.05,))
        thread.start()
        yield
        _Answers.released.set()
        listener.shutdown()
        thread.join()


@pytest.mark.usefixtures("api")
def test_live_events_arrive_at_once(web_server: WebServer) -> None:
    with socket.create_connection(("127.0.0.1", web_server.app_port), 10) as connection:
        connection.sendall(b"GET /api/v1/jobs/1/events HTTP/1.1\r\nHost: app.test\r\n\r\n")
        received, started = b"", time.monotonic()
        while b"data: first" not in received:
            received += connection.recv(4096)
    assert time.monotonic() - started < 5


@pytest.mark.usefixtures("api")
def test_the_largest_upload_reaches_the_api(web_server: WebServer) -> None:
    connection = web_server.connect()
    connection.port = web_server.app_port
    body = bytes(_UPLOAD_BYTES)
    connection.request("POST", "/sites", body, {"Host": "app.test:8000", "X-Forwarded-For": "6.6.6.6"})
    seen = json.loads(connection.getresponse().read())
    expected = {"size": len(body), "Host": "app.test:8000", "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http"}
    assert seen == expected
    connection.close()


@pytest.mark.parametrize(
    ("path", "kind"), [("/sites", "text/html; charset=utf-8"), ("/api/v1/sites", "application/problem+json")]
)
def test_a_larger_upload_is_refused_before_it_is_sent(web_server: WebServer, path: str, kind: str) -> None:
    """With the number that was found, and the limit: nginx has them, the api never hears of it."""
    size = _UPLOAD_BYTES + (3 << 20)
    connection = web_server.connect()
    connection.port = web_server.app_port
    connection.putrequest("POST", path, skip_host=True)
    connection.putheader("Host", "app.test")
    connection.putheader("Content-Length", str(size))
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert (answer.status, answer.headers["Content-Type"]) == (413, kind)
    assert f"{size} bytes" in text
    assert f"{_UPLOAD_BYTES >> 20} MiB" in text
    if kind.startswith("application"):
        assert json.loads(text)["status"] == 413
    else:
        assert f"{DEFAULT_LIMITS.total_bytes >> 20} MiB" in text


@pytest.mark.parametrize("path", ["/sites", "/api/v1/sites"])
@pytest.mark.parametrize("sent", [b"", b"5\r\nhello\r\n"])
def test_an_upload_in_chunks_is_refused_without_a_number(web_server: WebServer, path: str, sent: bytes) -> None:
    """Nobody has said how large it is: an answer with a number would have made it up."""
    connection = web_server.connect()
    connection.port = web_server.app_port
    connection.putrequest("POST", path, skip_host=True)
    connection.putheader("Host", "app.test")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    connection.send(sent + b"%x\r\nx" % (_UPLOAD_BYTES + (3 << 20)))
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 413
    assert f"{_UPLOAD_BYTES >> 20} MiB at most, and" in text
    assert "has more." in text
    assert "bytes" not in text
    if path.startswith("/api"):
        assert json.loads(text)["status"] == 413


@pytest.mark.usefixtures("api")
def test_a_sign_in_link_is_not_logged(web_server: WebServer) -> None:
    """Whoever may read the web server's log could sign in with it first."""
    connection = web_server.connect()
    connection.port = web_server.app_port
    for path in ("/sign-in/pw-link-secret", "/sign-in", "/sites"):
        connection.request("POST", path, b"", {"Host": "app.test"})
        assert json.loads(connection.getresponse().read())["X-Forwarded-For"] == "127.0.0.1"
    connection.close()
    log = web_server.directory / "access.log"
    web_server.process.send_signal(signal.SIGUSR1)  # write out what is buffered
    deadline = time.monotonic() + 20
    while b"POST /sites" not in log.read_bytes():
        assert time.monotonic() < deadline, "nothing is logged"
        time.sleep(0.02)
    assert b"pw-link" not in log.read_bytes()


def ask_app(server: WebServer, host: str, path: str, method: str = "GET") -> Answer:
    """One request at the address of the UI."""
    connection = server.connect()
    connection.port = server.app_port
    try:
        return ask(connection, host, path, method=method)
    finally:
        connection.close()


def test_the_ui_answers_to_its_own_name_only(web_server: WebServer) -> None:
    assert ask_app(web_server, "rebound.example", "/").status == 421
    assert ask_app(web_server, "app.test", "/").status == 503, "no api is running here"


def test_people_are_told_that_the_api_is_away(web_server: WebServer) -> None:
    """A page looks again by itself; a form is not sent again."""
    for method, again in (("GET", b'content="3"'), ("POST", b'content="5; url=/"')):
        page = ask_app(web_server, "app.test", "/sites/bakery", method)
        assert (page.status, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert again in page.body and b"nginx" not in page.body


def test_programs_get_the_problem_that_they_know(web_server: WebServer) -> None:
    answer = ask_app(web_server, "app.test", "/api/v1/me")
    assert (answer.status, answer.headers["retry-after"]) == (503, "3")
    assert answer.headers["content-type"] == "application/problem+json"
    problem = json.loads(answer.body)
    assert problem.keys() == {"type", "title", "status", "detail", "hint"} and problem["status"] == 503
