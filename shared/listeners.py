"""Where a daemon listens: at the addresses of its settings, and on sockets that systemd opened for it.

A socket of systemd outlives the daemon: while it restarts, connections wait in the kernel. And it reaches a daemon
that has no network of its own (`PrivateNetwork=yes`). In the `.socket` unit, `FileDescriptorName=` says who answers.
"""

import ctypes
import os
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from shared.errors import InvalidInput

_FIRST_FD = 3
_VARIABLES = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")
_SO_ATTACH_FILTER = 26
# A filter in the kernel's classic BPF, which sees a segment from its TCP header on: drop it if it has the flag SYN.
_DROP_SYN = (
    (0x30, 0, 0, 13),  # load the byte of the flags
    (0x45, 0, 1, 0x02),  # is SYN among them?
    (0x06, 0, 0, 0),  # drop it
    (0x06, 0, 0, 0xFFFFFFFF),  # take it whole
)


@dataclass(frozen=True)
class HandedSockets:
    """Listening sockets that systemd opened: for the daemon's own app, and for health and metrics."""

    service: Sequence[socket.socket] = ()
    admin: Sequence[socket.socket] = ()


def take_handed_sockets() -> HandedSockets:
    """The sockets that systemd handed to this process; no child will hear of them.

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
    path = address.removeprefix("unix:")
    _remove(path)
    listener = socket.socket(socket.AF_UNIX)
    previous = os.umask(0o117)
    try:
        listener.bind(path)
    finally:
        os.umask(previous)
    listener.listen(512)
    return listener


def let_nobody_in(listener: socket.socket) -> None:
    """Take no new connection at a socket of ours; those that the kernel has taken can still be accepted.

    A UNIX address goes away. At a TCP address the kernel drops what opens a connection: the caller asks again within
    a second, is refused by then, and goes elsewhere.
    """
    if listener.family == socket.AF_UNIX:
        _remove(listener.getsockname())
        return
    program = b"".join(struct.pack("HBBI", *instruction) for instruction in _DROP_SYN)
    held = ctypes.create_string_buffer(program)
    listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HP", len(_DROP_SYN), ctypes.addressof(held)))


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        Path(path).unlink()
