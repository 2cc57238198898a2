"""Waiting until every part does its job."""

import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cli.local.folder import RunFolder, open_run_folder
from cli.local.programs import DAEMONS, Ports
from cli.local.readiness import wait_until_ready
from shared.domain.errors import Unavailable
from tests.support.daemon_process import short_directory
from tests.support.replies import reply


class Ready(socketserver.StreamRequestHandler):
    """Answers that it is ready."""

    def handle(self) -> None:
        while self.rfile.readline() not in (b"\r\n", b""):
            pass
        self.wfile.write(reply({}))


@pytest.fixture
def folder() -> Iterator[RunFolder]:
    with short_directory() as root:
        yield open_run_folder(Path(root) / "run")


@pytest.fixture
def supervisor() -> Iterator[subprocess.Popen[bytes]]:
    """A process that runs until the test's end."""
    with subprocess.Popen(["/usr/bin/sleep", "600"]) as process:
        yield process
        process.kill()


def serve(stack: ExitStack, server: socketserver.BaseServer) -> None:
    stack.enter_context(server)
    threading.Thread(target=server.serve_forever, args=(0.02,)).start()
    stack.callback(server.shutdown)


def test_it_waits_for_the_last_part(folder: RunFolder, supervisor: subprocess.Popen[bytes]) -> None:
    with ExitStack() as stack:
        nginx = socketserver.TCPServer(("127.0.0.1", 0), Ready)
        serve(stack, nginx)
        ports = Ports(ui=nginx.server_address[1])
        waiting = threading.Thread(target=wait_until_ready, args=(folder, ports, supervisor), daemon=True)
        first, *others = DAEMONS
        for name in others:
            serve(stack, socketserver.UnixStreamServer(str(folder.socket(f"{name}-admin")), Ready))
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive(), f"{first} is not there yet"
        serve(stack, socketserver.UnixStreamServer(str(folder.socket(f"{first}-admin")), Ready))
        waiting.join(10)
        assert not waiting.is_alive()


def test_it_does_not_wait_for_what_has_ended(folder: RunFolder) -> None:
    ended = subprocess.Popen(["/usr/bin/true"])
    ended.wait()
    with pytest.raises(Unavailable, match="supervisord ended") as error:
        wait_until_ready(folder, Ports(ui=1), ended)
    assert "supervisord.log" in error.value.hint
