"""Sockets that systemd opens: a real storage daemon answers on them, and its restart costs nobody a request."""

import hashlib
import http.client
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.daemon_process import ROOT, short_directory
from tests.support.load import running_load
from tests.support.storage_process import StorageProcess
from tests.support.waiting import wait_until

# What systemd does: the sockets from 3 on, and the variables with the process's own number.
_HAND_OVER = 'export LISTEN_PID=$$ LISTEN_FDS={count} LISTEN_FDNAMES={names}; exec "$@" {redirections}'


def handing(names: str, *listeners: socket.socket) -> list[str]:
    """A launcher that hands over open sockets as systemd does."""
    redirections = " ".join(f"{3 + index}<&{listener.fileno()}" for index, listener in enumerate(listeners))
    text = _HAND_OVER.format(count=len(listeners), names=names, redirections=redirections)
    return ["/bin/bash", "-c", text, "bash"]


def own_address() -> str:
    """A loopback address that nobody else uses."""
    return f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(256)}.{secrets.randbelow(254) + 1}"


class UnixConnection(http.client.HTTPConnection):
    """HTTP on a UNIX socket."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.host)


def ask(
    connection: http.client.HTTPConnection, storage: StorageProcess, path: str, method: str = "GET", body: bytes = b""
) -> int:
    """The status of one answer on a new connection."""
    try:
        connection.request(method, path, body or None, {"Authorization": f"Bearer {storage.tokens['worker']}"})
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.fixture
def stopped_storage() -> Iterator[StorageProcess]:
    with short_directory() as base:
        process = StorageProcess(base)
        try:
            yield process
        finally:
            process.kill()


def test_systemd_hands_over_two_listeners(stopped_storage: StorageProcess) -> None:
    """Beside the addresses of its settings; the first connection, which starts it, is answered too."""
    storage, host = stopped_storage, own_address()
    admin = storage.base / "handed.sock"
    passed = [f"--setenv={name}" for name in storage.environment]
    listeners = [f"--listen={host}:7001", f"--listen={admin}", "--fdname=service:admin"]
    storage.launcher = ["/usr/bin/systemd-socket-activate", *listeners, *passed]
    storage.launch()
    wait_until(admin.exists, "it listens")
    assert ask(http.client.HTTPConnection(host, 7001, timeout=20), storage, "/v1/changes") == 200
    assert ask(UnixConnection(str(admin), timeout=20), storage, "/readyz") == 200
    for own, path in ((storage.address, "/v1/changes"), (storage.admin_address, "/readyz")):
        assert ask(UnixConnection(own.removeprefix("unix:"), timeout=20), storage, path) == 200
    assert ask(http.client.HTTPConnection(host, 7001, timeout=20), storage, "/readyz") == 404
    assert storage.stop() == 0


def test_a_restart_refuses_and_loses_nobody(stopped_storage: StorageProcess) -> None:
    """What comes while nobody listens waits in the kernel; 201 for each says that none was done twice."""
    storage = stopped_storage
    with socket.create_server((own_address(), 0), backlog=512) as listener:
        storage.launcher, storage.open_files = handing("service", listener), [listener.fileno()]
        storage.start()
        host, port = listener.getsockname()[:2]

        def put() -> int:
            blob = secrets.token_bytes(1000)
            path = f"/v1/blobs/{hashlib.sha256(blob).hexdigest()}"
            return ask(http.client.HTTPConnection(host, port, timeout=60), storage, path, "PUT", blob)

        with running_load(*[put] * 8) as load:
            for _ in range(4):
                load.wait_for_more(200)
                assert storage.stop() == 0
                storage.start()
            load.wait_for_more(200)
    assert load.faults == []
    assert set(load.answers) == {201}


def start_fails(storage: StorageProcess, launcher: list[str], *files: int) -> str:
    """What a start says that ends with status 1."""
    command = [*launcher, sys.executable, "-m", f"daemons.{storage.name}"]
    done = subprocess.run(
        command,
        env=storage.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        pass_fds=files,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_what_is_handed_over_by_mistake_ends_the_start(stopped_storage: StorageProcess) -> None:
    with ExitStack() as ends:
        listener = ends.enter_context(socket.create_server(("127.0.0.1", 0)))
        datagrams = ends.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        for names, handed, sentence in (
            ("service:sites", (listener, listener), "a socket named 'sites'"),
            ("", (listener,), "a socket named ''"),
            ("service", (datagrams,), "'service' does not listen"),
        ):
            launcher = handing(names, *handed)
            assert sentence in start_fails(stopped_storage, launcher, *(one.fileno() for one in handed))


_TAKE = """
import os, subprocess, sys
from shared.runtime.listeners import take_handed_sockets
taken = take_handed_sockets()
children_see = subprocess.run(["/usr/bin/env"], capture_output=True, text=True, check=True).stdout
print(len(taken.service), len(taken.admin), "LISTEN_" in children_see, os.get_inheritable(3))
"""


def test_children_hear_nothing_of_them_and_neither_does_another_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        own = handing("service", listener)
        of_another = [part.replace("LISTEN_PID=$$", "LISTEN_PID=1") for part in own]
        for launcher, said in ((own, "1 0 False False"), (of_another, "0 0 False True")):
            done = subprocess.run(
                [*launcher, sys.executable, "-c", _TAKE],
                env={"PYTHONPATH": os.fspath(ROOT), "PATH": "/usr/bin:/bin"},
                cwd=Path("/"),
                pass_fds=[listener.fileno()],
                capture_output=True,
                text=True,
                timeout=30,
                check=True,
            )
            assert done.stdout.strip() == said
