"""One sandboxed run seen from outside, whatever backend carries it out; nothing that comes from inside is trusted."""

import asyncio
import logging
import math
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from daemons.worker.sandbox import wire
from daemons.worker.sandbox.bubblewrap import open_bubblewrap
from daemons.worker.sandbox.jail import Backend, Jail, SandboxUnavailable
from daemons.worker.sandbox.output import Budget, Lines, OutputLimit, Tail
from daemons.worker.sandbox.plan import DOOR_PORT, Plan
from daemons.worker.sandbox.readiness import readable
from shared.errors import InvalidInput, TooLarge
from shared.tree import Tree, check_tree

_log = logging.getLogger(__name__)

Door = Callable[[socket.socket], Awaitable[None]]

_READY_SECONDS = 20.0
_DRAIN_SECONDS = 2.0
_ERROR_BYTES = 16 << 10
_LIMITS = ("workspace", "memory")
_REFUSALS = {
    "link": "is a symbolic link",
    "hardlink": "is a hard link to another file",
    "special": "is neither a file nor a folder",
    "deep": "lies too deep",
    "unreadable": "can't be read",
}


@dataclass(frozen=True)
class Ended:
    """How a run ended. `exit_code` is negative for a signal, None if it did not end by itself.

    `tree` is what came back, checked with check_tree. `error_output` is the end of stderr. `limit` names the limit
    that ended it: "time", "output", "workspace" (bytes or files), "memory", or "crash" if the sandbox itself broke.
    """

    exit_code: int | None
    tree: dict[str, bytes]
    error_output: bytes
    limit: str | None = None


class _Broken(Exception):
    """The conversation with the runner has ended too early."""


@asynccontextmanager
async def open_session(
    plan: Plan,
    *,
    on_line: Callable[[bytes], None],
    door: Door | None = None,
    backend: Backend = open_bubblewrap,
) -> AsyncIterator["Session"]:
    """A sandbox that is up, with its program started if the plan says `warm`; leaving it ends everything inside.

    Each line of the program's stdout goes to `on_line` (bytes without the newline); what that raises comes out of
    `run`. `door` gets the socket that listens inside, and is cancelled at the end. Raises SandboxUnavailable.
    """
    if plan.door != (door is not None):
        raise ValueError("a plan with a door needs somebody behind it, and only such a plan")
    async with AsyncExitStack() as stack:
        session = Session(plan, await stack.enter_async_context(backend(plan)), on_line)
        stack.push_async_callback(session.close)
        await session.begin(door)
        yield session


class Session:
    """A sandbox between its start and its end; made by `open_session`."""

    def __init__(self, plan: Plan, jail: Jail, on_line: Callable[[bytes], None]) -> None:
        self._plan = plan
        self._jail = jail
        self._errors = Tail(_ERROR_BYTES)
        self._lines = Lines(on_line, plan.limits.line_bytes)
        self._budget = Budget(plan.limits.output_bytes)
        self._resources = AsyncExitStack()
        self._readers: list[asyncio.Task[None]] = []
        self._door: asyncio.Future[None] | None = None
        self._stdin: asyncio.WriteTransport

    async def begin(self, door: Door | None) -> None:
        """Send the plan and wait until the runner is ready. Raises SandboxUnavailable."""
        with ExitStack() as inner:
            fds = [
                await self._open_stdin(inner),
                await self._open_output(self._lines, inner),
                await self._open_output(self._errors, inner),
                wire.make_parcel(self._plan.home),
            ]
            inner.callback(os.close, fds[-1])
            try:
                wire.send(self._jail.control, start_message(self._plan), fds)
                async with asyncio.timeout(_READY_SECONDS):
                    listeners = await self._expect_ready()
            except (OSError, _Broken, TimeoutError):
                raise self._unavailable("The sandbox did not come up.") from None
        if door:
            listener = self._resources.enter_context(_listening_socket(listeners))
            self._door = asyncio.ensure_future(door(listener))

    async def run(self, tree: Tree) -> Ended:
        """Put the workspace in place, let the program run to its end, and bring back what it left.

        Raises InvalidInput or TooLarge if that can't be part of a site, and SandboxUnavailable if the program could
        not be started. Reaching a limit is not an error: see Ended.limit. To be called once.
        """
        empty = wire.make_empty_parcel(self._plan.limits.collected.total_bytes)
        try:
            async with asyncio.timeout(self._plan.limits.wall_seconds):
                report = await self._watching(self._converse(tree, empty))
                await self._drain()
            return self._judge(report, empty)
        except TimeoutError:
            return await self._stopped("time")
        except OutputLimit:
            return await self._stopped("output")
        except _Broken:
            _log.warning("a sandbox broke: %s", ascii(self._jail.complaint()))
            return await self._stopped("crash")
        finally:
            os.close(empty)

    async def close(self) -> None:
        """End everything inside, the door and the readers."""
        tasks: list[asyncio.Future[None]] = [*self._readers, *filter(None, [self._door])]
        for task in tasks:
            task.cancel()
        try:
            await self._jail.end()
        finally:
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._resources.aclose()

    async def _converse(self, tree: Tree, empty: int) -> wire.Message:
        """Hand over the workspace, then stdin; the runner's report about the end."""
        parcel = wire.make_parcel(tree)
        try:
            with suppress(OSError):  # the runner is gone, having reached a limit: its report still waits
                wire.send(self._jail.control, {"event": "work"}, [parcel, empty])
        finally:
            os.close(parcel)
        message = await self._hear()
        if message.get("event") == "placed":
            self._stdin.write(self._plan.stdin)
            self._stdin.write_eof()
            message = await self._hear()
        if message.get("event") != "ended":
            raise self._unavailable("The program can't be started in the sandbox.", str(message.get("why")))
        return message

    async def _hear(self) -> wire.Message:
        await readable(self._jail.control.fileno())
        message, _ = wire.receive(self._jail.control)
        if message is None:
            raise _Broken
        return message

    async def _expect_ready(self) -> list[int]:
        await readable(self._jail.control.fileno())
        message, fds = wire.receive(self._jail.control, 1 if self._plan.door else 0)
        if message != {"event": "ready"} or len(fds) != bool(self._plan.door):
            for fd in fds:
                os.close(fd)
            raise _Broken
        return fds

    async def _watching(self, conversation: Awaitable[wire.Message]) -> wire.Message:
        """The conversation's result, unless a reader or the door fails first."""
        talk: asyncio.Future[wire.Message] = asyncio.ensure_future(conversation)
        waiting: set[asyncio.Future[Any]] = {talk}
        others: set[asyncio.Future[Any]] = {*self._readers, *filter(None, [self._door])}
        try:
            while not talk.done():
                await asyncio.wait(waiting | others, return_when=asyncio.FIRST_COMPLETED)
                for task in [one for one in others if one.done()]:
                    others.discard(task)
                    task.result()
            return talk.result()
        finally:
            talk.cancel()
            await asyncio.gather(talk, return_exceptions=True)

    async def _drain(self) -> None:
        """Read what is left in the pipes: nothing inside runs any more, so they end by themselves."""
        done, _ = await asyncio.wait(self._readers, timeout=_DRAIN_SECONDS)
        for task in done:
            task.result()

    async def _stopped(self, limit: str) -> Ended:
        await self._jail.end()
        return Ended(None, {}, self._errors.kept, limit)

    def _judge(self, report: wire.Message, parcel: int) -> Ended:
        limit, refused, exit_code = (report.get(name) for name in ("limit", "refused", "exit_code"))
        if limit in _LIMITS:
            return Ended(None, {}, self._errors.kept, limit)
        if refused:
            raise self._refusal(refused)
        tree = self._collected(parcel)
        return Ended(exit_code if isinstance(exit_code, int) else None, tree, self._errors.kept)

    def _collected(self, parcel: int) -> dict[str, bytes]:
        """The tree in a parcel that the inside has filled. Raises InvalidInput or TooLarge."""
        try:
            entries, start = wire.read_list(parcel)
            check_tree(dict(entries), self._plan.limits.collected)
            return wire.read_parcel(parcel, entries, start)
        except wire.BadParcel as error:
            _log.warning("a sandbox sent a bad parcel: %s", error)
            raise InvalidInput("What came back from the sandbox can't be read.", "Try again.") from None

    def _refusal(self, refused: object) -> InvalidInput | TooLarge:
        why, path = refused if isinstance(refused, list) and len(refused) == 2 else ("", "")
        reason = _REFUSALS.get(str(why))
        if reason:
            hint = "A site has plain files in folders only."
            return InvalidInput(f"{ascii(str(path))[:120]} can't be part of a site: it {reason}.", hint)
        return TooLarge("The result has too many or too large files.", "Remove or shrink files.")

    def _unavailable(self, detail: str, why: str = "") -> SandboxUnavailable:
        reason = ascii(" ".join(filter(None, [why, self._jail.complaint()])))[1:-1][-500:]
        _log.error("%s %s", detail, reason)
        return SandboxUnavailable(detail, reason=reason)

    async def _open_stdin(self, inner: ExitStack) -> int:
        reader, writer = os.pipe()
        inner.callback(os.close, reader)
        loop = asyncio.get_running_loop()
        self._stdin, _ = await loop.connect_write_pipe(asyncio.Protocol, os.fdopen(writer, "wb", 0))
        self._resources.callback(self._close_stdin)
        return reader

    def _close_stdin(self) -> None:
        if not self._stdin.is_closing():
            self._stdin.abort()

    async def _open_output(self, sink: Lines | Tail, inner: ExitStack) -> int:
        reader, writer = os.pipe()
        inner.callback(os.close, writer)
        stream = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(reader, "rb", 0)
        )
        self._resources.callback(transport.close)
        self._readers.append(asyncio.create_task(self._read(stream, sink)))
        return writer

    async def _read(self, stream: asyncio.StreamReader, sink: Lines | Tail) -> None:
        while data := await stream.read(1 << 16):
            self._budget.spend(len(data))
            sink.feed(data)
        sink.finish()


def start_message(plan: Plan) -> wire.Message:
    """What the runner is told about a plan."""
    limits, collected = plan.limits, plan.limits.collected
    numbers: Mapping[str, int] = {
        "processes": limits.processes,
        "memory_bytes": limits.memory_bytes,
        "file_bytes": limits.file_bytes,
        "workspace_files": limits.workspace_files,
        "cpu_seconds": math.ceil(limits.wall_seconds) * (os.cpu_count() or 1) + 10,
        "collected_files": collected.files,
        "collected_bytes": collected.total_bytes,
        "collected_file_bytes": collected.file_bytes,
    }
    return {
        "argv": list(plan.argv),
        "environment": plan.environment,
        "door": DOOR_PORT if plan.door else 0,
        "warm": plan.warm,
        "collect": plan.collect,
        "limits": numbers,
    }


def _listening_socket(fds: list[int]) -> socket.socket:
    listener = socket.socket(fileno=fds[0])
    listener.setblocking(False)
    return listener
