"""Nothing that comes out of the sandbox is trusted: a hostile runner at the other end of the conversation."""

import asyncio
import json
import os
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.worker.sandbox import Plan, RunLimits, RunResult, SandboxUnavailable, open_session, protocol
from daemons.worker.sandbox.jail import Backend
from shared.domain.errors import InvalidInput, PageWrightError
from shared.domain.tree import TreeLimits

_ENDED = {"event": "ended", "exit_code": 0, "limit": None, "refused": None}
_COLLECTED = TreeLimits(files=10, total_bytes=1 << 16)
_PLAN = Plan(argv=("/usr/bin/true",), limits=RunLimits(wall_seconds=20, collected=_COLLECTED))

Act = Callable[[socket.socket, int], None]


class _HostileJail:
    """A connection to a thread that plays the runner's part."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control

    async def end(self) -> None:
        """Hang up."""
        with suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)

    def killed_by(self) -> str | None:
        return None

    def diagnostics(self) -> str:
        return "it was \x1b[2J me"


def _hostile(part: Callable[[socket.socket], None]) -> Backend:
    @asynccontextmanager
    async def backend(_: Plan) -> AsyncIterator[_HostileJail]:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        thread = threading.Thread(target=_play, args=(part, theirs))
        thread.start()
        jail = _HostileJail(ours)
        try:
            yield jail
        finally:
            await jail.end()
            thread.join()
            ours.close()

    return backend


def _play(part: Callable[[socket.socket], None], control: socket.socket) -> None:
    with control, suppress(OSError):
        part(control)


def _session(part: Callable[[socket.socket], None], ready_seconds: float = 60.0) -> RunResult:
    async def whole() -> RunResult:
        async with open_session(_PLAN, on_line=print, backend=_hostile(part), ready_seconds=ready_seconds) as one:
            return await one.run({"a": b"1"})

    return asyncio.run(whole())


def _finish(act: Act) -> RunResult:
    """A runner that behaves until the end, and then does `act` with the connection and the payload to fill."""

    def part(control: socket.socket) -> None:
        _, streams = protocol.receive(control, 4)
        protocol.send(control, {"event": "ready"})
        _, (workspace, payload) = protocol.receive(control, 2)
        protocol.send(control, {"event": "placed"})
        for fd in (*streams, workspace):
            os.close(fd)
        try:
            act(control, payload)
        finally:
            os.close(payload)

    return _session(part)


def _payload(head: bytes, *data: bytes) -> Act:
    def act(control: socket.socket, payload: int) -> None:
        os.write(payload, b"".join((len(head).to_bytes(8, "big"), head, *data)))
        protocol.send(control, _ENDED)

    return act


def test_honest_payload_comes_back() -> None:
    """The hostile ones below differ from this one only where they are hostile."""
    assert _finish(_payload(b'[["a", 3], ["b/c", 2]]', b"one", b"to")).tree == {"a": b"one", "b/c": b"to"}


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"nonsense",
        b"{}",
        b"null",
        b"[1]",
        b'[["a"]]',
        b'[["a", "3"]]',
        b'[["a", -1]]',
        b'[["a", true]]',
        b'[["a", 1.5]]',
        b'[["a", 1e400]]',
        b"[[1, 3]]",
        b'[["a", 3], ["a", 3]]',
        b'[["a", 99999999999999999999]]',
        b'[["a", 70000]]',
        b'[["../a", 3]]',
        b'[["/etc/passwd", 3]]',
        b'[["a\\u0000", 3]]',
        b'[["\\ud800", 3]]',
        b'[["a", 3], ["A", 3]]',
        b'[["a", 1], ["a/b", 1]]',
        b'[["x.php", 3]]',
        b"[" * 100_000,
        json.dumps([[f"f{n}", 0] for n in range(11)]).encode(),
    ],
)
def test_hostile_payload_is_refused(head: bytes) -> None:
    """I7: sizes, counts and names are judged outside, whatever the runner says."""
    with pytest.raises(PageWrightError) as caught:
        _finish(_payload(head, b"xxxxxx"))
    assert caught.value.detail.isprintable()


def test_untouched_and_oversized_heads_are_refused() -> None:
    with pytest.raises(InvalidInput):
        _finish(lambda control, _: protocol.send(control, _ENDED))

    def huge(control: socket.socket, payload: int) -> None:
        os.pwrite(payload, b"\xff" * 8, 0)
        protocol.send(control, _ENDED)

    with pytest.raises(InvalidInput):
        _finish(huge)


def test_payload_can_not_grow_or_shrink() -> None:
    """The memory that the inside can make the worker hold has a fixed size."""
    errors: list[int | None] = []

    def grow(control: socket.socket, payload: int) -> None:
        for act in (
            lambda: os.ftruncate(payload, 1 << 40),
            lambda: os.ftruncate(payload, 0),
            lambda: os.pwrite(payload, b"x", 1 << 30),
        ):
            try:
                act()
            except OSError as error:
                errors.append(error.errno)
        _payload(b"[]")(control, payload)

    assert _finish(grow).tree == {}
    assert len(errors) == 3


@pytest.mark.parametrize(
    "refused",
    [["link", "\x1b[2J"], ["link", "a" * 60_000], ["link", 7], ["unheard of", "x"], "x", [1], {"a": 1}, [["a"], ["b"]]],
)
def test_refusal_is_told_in_our_own_words(refused: object) -> None:
    with pytest.raises(PageWrightError) as caught:
        _finish(lambda control, _: protocol.send(control, _ENDED | {"refused": refused}))
    assert caught.value.detail.isprintable()
    assert len(caught.value.detail) < 300


@pytest.mark.parametrize("limit", ["time", "something", 7, ["memory"], {"a": 1}])
def test_only_known_limits_are_believed(limit: object) -> None:
    with pytest.raises(InvalidInput):
        _finish(lambda control, _: protocol.send(control, _ENDED | {"limit": limit}))


@pytest.mark.parametrize("exit_code", ["0", 1.5, [], 1 << 70])
def test_strange_exit_code_is_no_success(exit_code: object) -> None:
    def act(control: socket.socket, payload: int) -> None:
        os.write(payload, (2).to_bytes(8, "big") + b"[]")
        protocol.send(control, _ENDED | {"exit_code": exit_code})

    assert _finish(act).exit_code != 0


@pytest.mark.parametrize("data", [b"nonsense", b"[]", b"[" * 60_000, b"\xff", b'"ended"'])
def test_nonsense_is_a_broken_sandbox(data: bytes) -> None:
    assert _finish(lambda control, _: control.send(data) and None).limit == "crash"


def test_descriptors_that_nobody_asked_for_are_not_kept() -> None:
    """The worker's table of open files can't be filled from inside."""
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with open("/dev/null") as null:  # noqa: PTH123

        def act(control: socket.socket, payload: int) -> None:
            os.write(payload, (2).to_bytes(8, "big") + b"[]")
            protocol.send(control, _ENDED, [null.fileno()] * 200)

        assert _finish(act).tree == {}
    assert len(os.listdir("/proc/self/fd")) <= before  # noqa: PTH208


@pytest.mark.parametrize("first", [{"event": "ended"}, {}, {"event": "ready", "more": 1}])
def test_runner_that_is_not_ready_is_no_sandbox(first: dict[str, object]) -> None:
    with pytest.raises(SandboxUnavailable) as caught:
        _session(lambda control: protocol.send(control, first))
    assert caught.value.reason.isprintable()


def test_silent_runner_is_no_sandbox() -> None:
    with pytest.raises(SandboxUnavailable):
        _session(lambda control: control.recv(1) and control.recv(1) and None, ready_seconds=0.1)


@given(
    st.dictionaries(
        st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1).filter(
            lambda name: name not in (".", "..")
        ),
        st.binary(max_size=2000),
        max_size=20,
    )
)
def test_payload_is_what_was_packed(tree: dict[str, bytes]) -> None:
    """I6: every tree comes out as it went in."""
    fd = protocol.make_payload(tree)
    try:
        entries, start = protocol.read_list(fd)
        assert protocol.read_payload(fd, entries, start) == tree
    finally:
        os.close(fd)
