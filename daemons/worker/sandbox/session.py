"""The worker's side of one sandboxed run, the same for each backend; it trusts nothing that comes from inside."""

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
from daemons.worker.sandbox.output import OutputLimit
from daemons.worker.sandbox.plan import RELAY_PORT, Plan
from daemons.worker.sandbox.readiness import wait_readable
from daemons.worker.sandbox.run_result import RunResult, read_result
from daemons.worker.sandbox.streams import Streams
from daemons.worker.task_ending import end_tasks
from shared.domain.tree import Tree

__all__ = ["Relay", "RunResult", "SandboxSession", "open_session"]

_log = logging.getLogger(__name__)

Relay = Callable[[socket.socket], Awaitable[None]]

_READY_SECONDS = 60.0  # a busy machine takes long to start a unit
_RELAY_SECONDS = 5.0


class _Disconnected(Exception):
    """The runner closed the connection too early, or sent something that is not a message."""


@asynccontextmanager
async def open_session(
    plan: Plan,
    *,
    on_line: Callable[[bytes], None],
    on_error: Callable[[bytes], object] = lambda _: None,
    relay: Relay | None = None,
    backend: Backend = open_bubblewrap,
    ready_seconds: float = _READY_SECONDS,
) -> AsyncIterator["SandboxSession"]:
    """A sandbox that is up, with its program started if the plan says `warm`; leaving it ends everything inside.

    `on_line` gets each line of the program's stdout as bytes without the newline; an error that it raises ends `run`.
    `on_error` gets the beginning of each line of stderr. `relay` gets the socket that listens inside, and is cancelled
    at the end. Raises SandboxUnavailable.
    """
    if plan.relay != (relay is not None):
        raise ValueError("a plan with a relay needs one, and no other plan may have one")
    async with AsyncExitStack() as stack:
        jail = await stack.enter_async_context(backend(plan))
        session = SandboxSession(plan, jail, Streams(plan.limits, on_line, on_error))
        stack.push_async_callback(session.close)
        await session.begin(relay, ready_seconds)
        yield session


class SandboxSession:
    """A sandbox between its start and its end; `open_session` makes it."""

    def __init__(self, plan: Plan, jail: Jail, streams: Streams) -> None:
        self._plan = plan
        self._jail = jail
        self._streams = streams
        self._listener = ExitStack()
        self._relay: asyncio.Future[None] | None = None

    async def begin(self, relay: Relay | None, ready_seconds: float) -> None:
        """Send the plan and wait until the runner is ready. Raises SandboxUnavailable."""
        with ExitStack() as inner:
            fds = [*await self._streams.open(inner), protocol.make_payload(self._plan.home)]
            inner.callback(os.close, fds[-1])
            try:
                protocol.send(self._jail.control, start_message(self._plan), fds)
                async with asyncio.timeout(ready_seconds):
                    listeners = await self._expect_ready()
            except (OSError, _Disconnected, TimeoutError):
                raise self._unavailable("The sandbox did not come up.") from None
        if relay:
            listener = self._listener.enter_context(_listening_socket(listeners))
            self._relay = asyncio.ensure_future(relay(listener))

    async def run(self, tree: Tree) -> RunResult:
        """Put the workspace in place, let the program run to its end, and bring back what it left.

        Raises InvalidInput or TooLarge if a site can't have what came back, and SandboxUnavailable if the program can't
        be started. Reaching a limit raises nothing: see RunResult.limit. Call it once.
        """
        empty = protocol.make_empty_payload(self._plan.limits.collected.total_bytes)
        try:
            async with asyncio.timeout(self._plan.limits.wall_seconds):
                report = await self._run_watched(self._exchange(tree, empty))
                await self._streams.drain()
            return read_result(report, empty, self._plan.limits.collected, self._streams.error_output)
        except TimeoutError:
            return await self._stopped("time")
        except OutputLimit:
            return await self._stopped("output")
        except _Disconnected:
            limit = self._jail.killed_by() or "crash"
            _log.warning("a sandbox broke (%s): %s", limit, ascii(self._jail.diagnostics()))
            return await self._stopped(limit)
        finally:
            os.close(empty)

    async def close(self) -> None:
        """End everything inside, the relay and the readers."""
        if self._relay:
            self._relay.cancel()
        try:
            await self._jail.end()
        finally:
            try:
                await self._end_relay()
            finally:
                self._listener.close()
                await self._streams.close()

    async def _end_relay(self) -> None:
        """Wait until the cancelled relay has ended. Raises TaskStuck if it does not."""
        if self._relay:
            await asyncio.wait([self._relay], timeout=_RELAY_SECONDS)
            await end_tasks(self._relay)
            await asyncio.gather(self._relay, return_exceptions=True)

    async def _exchange(self, tree: Tree, empty: int) -> protocol.ControlMessage:
        """Send the workspace, then stdin; the runner's report of the end."""
        payload = protocol.make_payload(tree)
        try:
            with suppress(OSError):  # the runner has ended at a limit; its report is still to be read
                protocol.send(self._jail.control, {"event": "work"}, [payload, empty])
        finally:
            os.close(payload)
        message = await self._receive()
        if message.get("event") == "placed":
            self._streams.feed(self._plan.stdin)
            message = await self._receive()
        if message.get("event") != "ended":
            raise self._unavailable("The program can't be started in the sandbox.", str(message.get("why")))
        return message

    async def _receive(self) -> protocol.ControlMessage:
        await wait_readable(self._jail.control.fileno())
        message, _ = protocol.receive(self._jail.control)
        if message is None:
            raise _Disconnected
        return message

    async def _expect_ready(self) -> list[int]:
        await wait_readable(self._jail.control.fileno())
        message, fds = protocol.receive(self._jail.control, 1 if self._plan.relay else 0)
        if message != {"event": "ready"} or len(fds) != bool(self._plan.relay):
            for fd in fds:
                os.close(fd)
            raise _Disconnected
        return fds

    async def _run_watched(self, conversation: Awaitable[protocol.ControlMessage]) -> protocol.ControlMessage:
        """The conversation's result; raises the error of a reader or the relay if one fails first."""
        talk: asyncio.Future[protocol.ControlMessage] = asyncio.ensure_future(conversation)
        waiting: set[asyncio.Future[Any]] = {talk}
        others: set[asyncio.Future[Any]] = {*self._streams.readers, *filter(None, [self._relay])}
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

    async def _stopped(self, limit: str) -> RunResult:
        await self._jail.end()
        return RunResult(None, {}, self._streams.error_output, limit)

    def _unavailable(self, detail: str, why: str = "") -> SandboxUnavailable:
        reason = ascii(" ".join(filter(None, [why, self._jail.diagnostics()])))[1:-1][-500:]
        _log.error("%s %s", detail, reason)
        return SandboxUnavailable(detail, reason=reason)


def start_message(plan: Plan) -> protocol.ControlMessage:
    """The message that tells the runner its part of a plan."""
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
        "relay_port": RELAY_PORT if plan.relay else 0,
        "warm": plan.warm,
        "collect": plan.collect,
        "limits": numbers,
    }


def _listening_socket(fds: list[int]) -> socket.socket:
    listener = socket.socket(fileno=fds[0])
    listener.setblocking(False)
    return listener
