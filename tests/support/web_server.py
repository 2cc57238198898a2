"""A real nginx with PageWright's own configuration of the sites, on a loopback port that the kernel chose."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

import pytest

_TEMPLATES = Path(__file__).parents[2] / "nginx"
APP_ORIGIN = "http://app.test"
DOMAIN = "sites.test"


@dataclass
class Answer:
    """One HTTP answer, its body as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class WebServer:
    """`sites` is the deployer's root; `address` is what `PAGEWRIGHT_API_PROBE_ADDRESSES` wants."""

    sites: Path
    port: int
    app_port: int
    api_socket: Path
    directory: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def get(self, host: str, path: str = "/", headers: Mapping[str, str] = {}, method: str = "GET") -> Answer:
        """Ask for a path of `host`, which gets our domain unless it has a dot."""
        connection = self.connect()
        try:
            return ask(connection, host, path, headers, method)
        finally:
            connection.close()


def ask(
    connection: http.client.HTTPConnection,
    host: str,
    path: str = "/",
    headers: Mapping[str, str] = {},
    method: str = "GET",
) -> Answer:
    """One request on a connection that stays open."""
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    connection.putheader("Host", host if "." in host or not host else f"{host}.{DOMAIN}")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())


def _render(target: Path, values: Mapping[str, str]) -> None:
    for template in _TEMPLATES.iterdir():
        (target / template.name).write_text(Template(template.read_text()).safe_substitute(values))


def _start(directory: Path, sites: Path, apis: Sequence[str]) -> WebServer:
    # nginx inherits listening sockets by the variable NGINX, so that no port is ever guessed.
    listeners = [socket.create_server(("127.0.0.1", 0), backlog=512) for _ in range(2)]
    for listener in listeners:
        listener.setblocking(False)  # nginx takes them as they are, and two workers race to accept
    port, app_port = (listener.getsockname()[1] for listener in listeners)
    values = {
        "USER": "user root;" if os.geteuid() == 0 else "",
        "RUN_DIRECTORY": str(directory),
        "LISTEN_SITES": f"listen 127.0.0.1:{port};",
        "LISTEN_APP": f"listen 127.0.0.1:{app_port};",
        "LISTEN_DEFAULT": f"listen 127.0.0.1:{port} default_server; listen 127.0.0.1:{app_port} default_server;",
        "APP_HOSTS": "app.test",
        "APP_ORIGIN": APP_ORIGIN,
        "API_SERVERS": "\n".join(f"server {api} fail_timeout=1s;" for api in apis or [f"unix:{directory}/api.sock"]),
        "SITES_DOMAIN": DOMAIN,
        "SITES_ROOT": str(sites),
        "FRAME_DIRECTORY": str(directory),
    }
    _render(directory, values)
    process = subprocess.Popen(
        [_nginx(), "-p", str(directory), "-e", str(directory / "error.log"), "-c", str(directory / "nginx.conf")],
        env={"NGINX": "".join(f"{listener.fileno()};" for listener in listeners), "PATH": os.defpath},
        pass_fds=[listener.fileno() for listener in listeners],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for listener in listeners:
        listener.close()
    return WebServer(sites, port, app_port, directory / "api.sock", directory, process)


def _nginx() -> str:
    return shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", os.defpath)) or "nginx"


def _wait_until_up(server: WebServer) -> None:
    """nginx inherits open sockets, so connections queue from the start: one answer means that it is up."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            pytest.fail("nginx did not start: " + (server.directory / "error.log").read_text())
        try:
            if server.get("unknown.example").status == 421:
                return
        except OSError:
            time.sleep(0.02)
    pytest.fail("nginx gave no answer")


@contextmanager
def running_web_server(sites: Path, apis: Sequence[str] = ()) -> Iterator[WebServer]:
    """nginx that serves a directory, and the UI from apis at these addresses, until the block ends."""
    directory = Path(tempfile.mkdtemp(prefix="pw"))
    server = _start(directory, sites, apis)
    try:
        _wait_until_up(server)
        yield server
    finally:
        server.process.send_signal(signal.SIGCONT)
        server.process.terminate()
        server.process.wait(10)
        shutil.rmtree(directory)


@pytest.fixture
def web_server(tmp_path: Path) -> Iterator[WebServer]:
    """nginx that serves `tmp_path / "sites"`, which is empty."""
    sites = tmp_path / "sites"
    sites.mkdir()
    with running_web_server(sites) as server:
        yield server
