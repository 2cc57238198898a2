"""One sandboxed run seen from outside, whatever backend carries it out; nothing that comes from inside is trusted."""

import asyncio
import logging
import math
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, suppress
from typing import Any

from daemons.worker.sandbox import protocol
from daemons.worker.sandbox.backends.bubblewrap import open_bubblewrap
from daemons.worker.sandbox.jail import Backend, Jail, SandboxUnavailable
from daemons.worker.sandbox.judgement import Ended, judge
from daemons.worker.sandbox.output import OutputLimit
from daemons.worker.sandbox.plan import DOOR_PORT, Plan
from daemons.worker.sandbox.readiness import readable
from daemons.worker.sandbox.streams import Streams
from daemons.worker.task_ending import end_tasks
from shared.domain.tree import Tree

__all__ = ["Door", "Ended", "Session", "open_session"]

_log = logging.getLogger(__name__)

Door = Callable[[socket.socket], Awaitable[None]]

_READY_SECONDS = 60.0  # a busy machine takes a while to start a unit
_DOOR_SECONDS = 5.0


class _Broken(Exception):
    """The conversation with the runner has ended too early."""


@asynccontextmanager
async def open_session(
    plan: Plan,
    *,
    on_line: Callable[[bytes], None],
    on_error: Callable[[bytes], object] = lambda _: None,
    door: Door | None = None,
    backend: Backend = open_bubblewrap,
) -> AsyncIterator["Session"]:
    """A sandbox that is up, with its program started if the plan says `warm`; leaving it ends everything inside.

    Each line of the program's stdout goes to `on_line` (bytes without the newline); what that raises comes out of
    `run`. The beginning of each line of its stderr goes to `on_error`. `door` gets the socket that listens inside, and
    is cancelled at the end. Raises SandboxUnavailable.
    """
    if plan.door != (door is not None):
        raise ValueError("a plan with a door needs somebody behind it, and only such a plan")
    async with AsyncExitStack() as stack:
        session = Session(plan, await stack.enter_async_context(backend(plan)), Streams(plan.limits, on_line, on_error))
        stack.push_async_callback(session.close)
        await session.begin(door)
        yield session


class Session:
    """A sandbox between its start and its end; made by `open_session`."""

    def __init__(self, plan: Plan, jail: Jail, streams: Streams) -> None:
        self._plan = plan
        self._jail = jail
        self._streams = streams
        self._listener = ExitStack()
        self._door: asyncio.Future[None] | None = None

    async def begin(self, door: Door | None) -> None:
        """Send the plan and wait until the runner is ready. Raises SandboxUnavailable."""
        with ExitStack() as inner:
            fds = [*await self._streams.open(inner), protocol.make_parcel(self._plan.home)]
            inner.callback(os.close, fds[-1])
            try:
                protocol.send(self._jail.control, start_message(self._plan), fds)
                async with asyncio.timeout(_READY_SECONDS):
                    listeners = await self._expect_ready()
            except (OSError, _Broken, TimeoutError):
                raise self._unavailable("The sandbox did not come up.") from None
        if door:
            listener = self._listener.enter_context(_listening_socket(listeners))
            self._door = asyncio.ensure_future(door(listener))

    async def run(self, tree: Tree) -> Ended:
        """Put the workspace in place, let the program run to its end, and bring back what it left.

        Raises InvalidInput or TooLarge if that can't be part of a site, and SandboxUnavailable if the program could
        not be started. Reaching a limit is not an error: see Ended.limit. To be called once.
        """
        empty = protocol.make_empty_parcel(self._plan.limits.collected.total_bytes)
        try:
            async with asyncio.timeout(self._plan.limits.wall_seconds):
                report = await self._watching(self._converse(tree, empty))
                await self._streams.drain()
            return judge(report, empty, self._plan.limits.collected, self._streams.error_output)
        except TimeoutError:
            return await self._stopped("time")
        except OutputLimit:
            return await self._stopped("output")
        except _Broken:
            limit = self._jail.killed_by() or "crash"
            _log.warning("a sandbox broke (%s): %s", limit, ascii(self._jail.complaint()))
            return await self._stopped(limit)
        finally:
            os.close(empty)

    async def close(self) -> None:
        """End everything inside, the door and the readers."""
        if self._door:
            self._door.cancel()
        try:
            await self._jail.end()
        finally:
            try:
                await self._end_door()
            finally:
                self._listener.close()
                await self._streams.close()

    async def _end_door(self) -> None:
        """Wait for the cancelled door; raises TaskStuck if it does not close."""
        if self._door:
            await asyncio.wait([self._door], timeout=_DOOR_SECONDS)
            await end_tasks(self._door)
            await asyncio.gather(self._door, return_exceptions=True)

    async def _converse(self, tree: Tree, empty: int) -> protocol.Message:
        """Hand over the workspace, then stdin; the runner's report about the end."""
        parcel = protocol.make_parcel(tree)
        try:
            with suppress(OSError):  # the runner is gone, having reached a limit: its report still waits
                protocol.send(self._jail.control, {"event": "work"}, [parcel, empty])
        finally:
            os.close(parcel)
        message = await self._hear()
        if message.get("event") == "placed":
            self._streams.feed(self._plan.stdin)
            message = await self._hear()
        if message.get("event") != "ended":
            raise self._unavailable("The program can't be started in the sandbox.", str(message.get("why")))
        return message

    async def _hear(self) -> protocol.Message:
        await readable(self._jail.control.fileno())
        message, _ = protocol.receive(self._jail.control)
        if message is None:
            raise _Broken
        return message

    async def _expect_ready(self) -> list[int]:
        await readable(self._jail.control.fileno())
        message, fds = protocol.receive(self._jail.control, 1 if self._plan.door else 0)
        if message != {"event": "ready"} or len(fds) != bool(self._plan.door):
            for fd in fds:
                os.close(fd)
            raise _Broken
        return fds

    async def _watching(self, conversation: Awaitable[protocol.Message]) -> protocol.Message:
        """The conversation's result, unless a reader or the door fails first."""
        talk: asyncio.Future[protocol.Message] = asyncio.ensure_future(conversation)
        waiting: set[asyncio.Future[Any]] = {talk}
        others: set[asyncio.Future[Any]] = {*self._streams.readers, *filter(None, [self._door])}
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

    async def _stopped(self, limit: str) -> Ended:
        await self._jail.end()
        return Ended(None, {}, self._streams.error_output, limit)

    def _unavailable(self, detail: str, why: str = "") -> SandboxUnavailable:
        reason = ascii(" ".join(filter(None, [why, self._jail.complaint()])))[1:-1][-500:]
        _log.error("%s %s", detail, reason)
        return SandboxUnavailable(detail, reason=reason)


def start_message(plan: Plan) -> protocol.Message:
    """What the runner is told about a plan."""
    limits, collected = plan.limits, plan.limits.collected
    numbers: Mapping[str, int] = {
        "processes": limits.processes,
        "memory_bytes": limits.memory_bytes,
        "file_bytes": limits.file_bytes,
        "workspace_bytes": limits.workspace_bytes,
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
