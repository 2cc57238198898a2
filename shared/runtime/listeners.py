"""Where a daemon listens: at the addresses of its settings, and on sockets that systemd opened for it.

A socket of systemd outlives the daemon: while it restarts, connections wait in the kernel. And it reaches a daemon
that has no network of its own (`PrivateNetwork=yes`). In the `.socket` unit, `FileDescriptorName=` says who answers.
"""

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shared.domain.errors import InvalidInput

_FIRST_FD = 3
_VARIABLES = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")


@dataclass(frozen=True)
class HandedSockets:
    """Listening sockets that systemd opened: for the daemon's own app, and for health and metrics."""

    service: Sequence[socket.socket] = ()
    admin: Sequence[socket.socket] = ()


def take_handed_sockets() -> HandedSockets:
    """The sockets that systemd handed to this process; child processes don't inherit them.

    Raises InvalidInput unless each is a listening stream socket named `service` or `admin`.
    """
    pid, count, names = (os.environ.pop(name, "") for name in _VARIABLES)
    if pid != str(os.getpid()):
        return HandedSockets()
    named = list(_named_sockets(int(count or 0), names.split(":")))
    if strange := sorted({name for name, _ in named} - {"service", "admin"}):
        raise InvalidInput(
            f"systemd handed over a socket named {strange[0]!r}.", "FileDescriptorName= is `service` or `admin`."
        )
    return HandedSockets(
        service=[listener for name, listener in named if name == "service"],
        admin=[listener for name, listener in named if name == "admin"],
    )


def _named_sockets(count: int, names: list[str]) -> Iterator[tuple[str, socket.socket]]:
    for index in range(count):
        name = names[index] if index < len(names) else ""
        try:
            listener = socket.socket(fileno=_FIRST_FD + index)
            listener.set_inheritable(False)
            listening = listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        except OSError:
            listening = 0
        if not listening:
            raise InvalidInput(f"What systemd handed over as {name!r} does not listen.", "Accept=no, ListenStream=.")
        yield name, listener


def listen_on(address: str) -> socket.socket:
    """A listening socket; a UNIX socket is open to its owner and group and replaces a dead one."""
    if not address.startswith("unix:"):
        host, _, port = address.rpartition(":")
        return socket.create_server((host, int(port)), reuse_port=False)
    hide(address)
    listener = socket.socket(socket.AF_UNIX)
    previous = os.umask(0o117)
    try:
        listener.bind(address.removeprefix("unix:"))
    finally:
        os.umask(previous)
    listener.listen(512)
    return listener


def hide(address: str) -> None:
    """Remove a UNIX address, so that nobody new connects; existing connections go on."""
    if address.startswith("unix:"):
        with suppress(FileNotFoundError):
            Path(address.removeprefix("unix:")).unlink()
