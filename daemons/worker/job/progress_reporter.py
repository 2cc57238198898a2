"""Tells the person what a job is doing, and keeps how long each phase took."""

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
# A phase that says more than this is not readable any more, and its words cost Redis memory.
_MOST_STEPS = 500
_LAST_WORDS_SECONDS = 10.0


class Narrator:
    """Steps are queued at once and sent in order in the background, so telling never slows the work."""

    def __init__(self) -> None:
        self._steps: asyncio.Queue[Progress | None] = asyncio.Queue()  # None is the end
        self.phase: Phase | None = None
        self._since = time.monotonic()
        self._told = 0
        self.seconds: dict[Phase, float] = {}

    def enter(self, phase: Phase) -> None:
        """The job begins a phase; the one before it has ended."""
        self._close_phase()
        self.phase = phase
        self._steps.put_nowait(Progress(phase=phase))

    def say(self, text: str) -> None:
        """One readable step inside the present phase."""
        self._told += 1
        if self.phase and self._told <= _MOST_STEPS:
            self._steps.put_nowait(Progress(phase=self.phase, text=text))

    def _close_phase(self) -> None:
        now = time.monotonic()
        if self.phase:
            if self._told > _MOST_STEPS:
                more = f"and {self._told - _MOST_STEPS:,} more steps"
                self._steps.put_nowait(Progress(phase=self.phase, text=more))
            self.seconds[self.phase] = self.seconds.get(self.phase, 0) + now - self._since
        self._since, self._told = now, 0

    @asynccontextmanager
    async def telling(self, send: Callable[[Progress], Awaitable[object]]) -> AsyncIterator[None]:
        """Send the steps while inside; at the end what was said so far is still sent, if that is quick."""
        sender = asyncio.create_task(self._send_all(send))
        try:
            yield
        finally:
            self._close_phase()
            self.phase = None
            self._steps.put_nowait(None)
            try:
                await asyncio.wait([sender], timeout=_LAST_WORDS_SECONDS)
            finally:
                await end_tasks(sender)

    async def _send_all(self, send: Callable[[Progress], Awaitable[object]]) -> None:
        while step := await self._steps.get():
            await _try(send, step)


def check_step(check: Check) -> str:
    """What a check found, as a step: how much, and the first of it."""
    [first, *_] = check.findings or (check.status.value,)
    return f"Check “{check.name}”: {f'{check.count:,} findings, first ' if check.count > 1 else ''}{first}"


async def _try(send: Callable[[Progress], Awaitable[object]], step: Progress) -> None:
    """A step that can't be told is lost; the job goes on."""
    try:
        await send(step)
    except PageWrightError as error:
        _log.warning("a progress step was not sent: %s", error.detail)
