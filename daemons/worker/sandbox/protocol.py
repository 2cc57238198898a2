"""What worker and runner exchange: short JSON messages with file descriptors, and trees as payloads in memory files.

Both sides import this, so it needs the standard library only. A payload is the length of its list (8 bytes), the list
`[[path, size], …]` as JSON, and then the files' bytes in that order. It can't express links.
"""

import fcntl
import json
import os
import socket
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

ControlMessage = dict[str, Any]

MESSAGE_BYTES = 1 << 16
LIST_BYTES = 8 << 20
LENGTH_BYTES = 8
_CHUNK = 1 << 20


class BadPayload(ValueError):
    """The bytes are not a payload, or a hostile one."""


def send(control: socket.socket, message: ControlMessage, fds: Sequence[int] = ()) -> None:
    """Send one message; the receiver gets copies of `fds`."""
    data = json.dumps(message).encode()
    if len(data) > MESSAGE_BYTES:
        raise ValueError("a message to the sandbox is too long")
    socket.send_fds(control, [data], fds)


def receive(control: socket.socket, fd_count: int = 0) -> tuple[ControlMessage | None, list[int]]:
    """One message and at most `fd_count` descriptors; None if the other side has gone or sent no message."""
    try:
        data, fds, _, _ = socket.recv_fds(control, MESSAGE_BYTES, fd_count, socket.MSG_CMSG_CLOEXEC)
    except OSError:
        return None, []
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        message = None
    return (message if isinstance(message, dict) else None), fds


def payload_list(sizes: Iterable[tuple[str, int]]) -> bytes:
    """The head of a payload: the length of its list, and the list."""
    data = json.dumps([[path, size] for path, size in sizes], separators=(",", ":")).encode()
    if len(data) > LIST_BYTES:
        raise BadPayload("too many files")
    return len(data).to_bytes(LENGTH_BYTES, "big") + data


def check_inside(path: str) -> None:
    """Raise BadPayload if a path would leave the folder that it is placed in."""
    if any(part in ("", ".", "..") for part in path.split("/")):
        raise BadPayload("a path leaves its folder")


def make_payload(tree: Mapping[str, bytes]) -> int:
    """A memory file with the tree as a payload, for the sandbox to read. The caller closes it. Raises BadPayload."""
    for path in tree:
        check_inside(path)
    fd = os.memfd_create("payload")
    with os.fdopen(os.dup(fd), "wb") as file:
        file.write(payload_list((path, len(data)) for path, data in tree.items()))
        file.writelines(tree.values())
    return fd


def make_empty_payload(total_bytes: int) -> int:
    """A memory file that the sandbox can fill with at most `total_bytes` of files and can't enlarge."""
    fd = os.memfd_create("payload", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, LENGTH_BYTES + LIST_BYTES + total_bytes)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL)
    return fd


def read_list(fd: int) -> tuple[list[tuple[str, int]], int]:
    """A payload's list of paths and sizes, and where its files begin. Raises BadPayload."""
    length = int.from_bytes(os.pread(fd, LENGTH_BYTES, 0), "big")
    if not 0 < length <= LIST_BYTES:
        raise BadPayload("the list has no sensible length")
    try:
        items = json.loads(os.pread(fd, length, LENGTH_BYTES))
        entries = [(path, size) for path, size in items]
    except (ValueError, TypeError, RecursionError):
        raise BadPayload("the list can't be read") from None
    if not isinstance(items, list) or not all(
        isinstance(path, str) and type(size) is int and size >= 0 for path, size in entries
    ):
        raise BadPayload("the list has something else than paths and sizes")
    return entries, LENGTH_BYTES + length


def read_payload(fd: int, entries: Sequence[tuple[str, int]], start: int) -> dict[str, bytes]:
    """The files of a payload, by its checked list. Raises BadPayload if a path is there twice or bytes are missing."""
    tree: dict[str, bytes] = {}
    for path, size in entries:
        data = os.pread(fd, size, start)
        if path in tree or len(data) != size:
            raise BadPayload("a file is incomplete or there twice")
        tree[path] = data
        start += size
    return tree


def copy_bytes(source: int, target: int, size: int, offset: int | None = None) -> None:
    """Copy exactly `size` bytes between files, from `offset` of `source` or its position. Raises BadPayload."""
    while size:
        count = min(size, _CHUNK)
        data = os.read(source, count) if offset is None else os.pread(source, count, offset)
        if not data:
            raise BadPayload("a file is shorter than its size")
        write_all(target, data)
        size -= len(data)
        offset = None if offset is None else offset + len(data)


def write_all(fd: int, data: bytes) -> None:
    """Write all of `data`; the kernel may take it in parts."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
