"""Reports a job's steps to the person who asked for it, and measures how long each phase takes."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from daemons.worker.task_ending import end_tasks
from shared.domain.errors import PageWrightError
from shared.domain.manifest import Check
from shared.domain.vocabulary import Phase, Progress

_log = logging.getLogger(__name__)


class ProgressReporter:
    """Queues steps and sends them in order in the background, so that reporting never slows the work.

    Nobody reads more than `most_steps` of one phase, and each costs Redis memory. At the end the last steps have
    `drain_seconds` to be sent.
    """

    def __init__(self, *, most_steps: int = 500, drain_seconds: float = 10.0) -> None:
        self._most_steps = most_steps
        self._drain_seconds = drain_seconds
        self._steps: asyncio.Queue[Progress | None] = asyncio.Queue()  # None is the end
        self.phase: Phase | None = None
        self._since = time.monotonic()
        self._steps_in_phase = 0
        self.seconds: dict[Phase, float] = {}

    def enter(self, phase: Phase) -> None:
        """Begin a phase, which ends the one before it."""
        self._close_phase()
        self.phase = phase
        self._steps.put_nowait(Progress(phase=phase))

    def say(self, text: str) -> None:
        """Report a step of the current phase."""
        self._steps_in_phase += 1
        if self.phase and self._steps_in_phase <= self._most_steps:
            self._steps.put_nowait(Progress(phase=self.phase, text=text))

    def _close_phase(self) -> None:
        now = time.monotonic()
        if self.phase:
            if self._steps_in_phase > self._most_steps:
                more = f"and {self._steps_in_phase - self._most_steps:,} more steps"
                self._steps.put_nowait(Progress(phase=self.phase, text=more))
            self.seconds[self.phase] = self.seconds.get(self.phase, 0) + now - self._since
        self._since, self._steps_in_phase = now, 0

    @asynccontextmanager
    async def sending(self, send: Callable[[Progress], Awaitable[object]]) -> AsyncIterator[None]:
        """Send the steps while inside; at the end, wait a moment until the last ones are sent."""
        sender = asyncio.create_task(self._send_all(send))
        try:
            yield
        finally:
            self._close_phase()
            self.phase = None
            self._steps.put_nowait(None)
            try:
                await asyncio.wait([sender], timeout=self._drain_seconds)
            finally:
                await end_tasks(sender)

    async def _send_all(self, send: Callable[[Progress], Awaitable[object]]) -> None:
        while step := await self._steps.get():
            await _send_or_lose(send, step)


def check_step(check: Check) -> str:
    """A step that says how much a check found, and its first finding."""
    [first, *_] = check.findings or (check.status.value,)
    return f"Check “{check.name}”: {f'{check.count:,} findings, first ' if check.count > 1 else ''}{first}"


async def _send_or_lose(send: Callable[[Progress], Awaitable[object]], step: Progress) -> None:
    """Send a step; if that fails, lose it and go on with the job."""
    try:
        await send(step)
    except PageWrightError as error:
        _log.warning("a progress step was not sent: %s", error.detail)
