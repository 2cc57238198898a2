"""Gives a model the three tasks, one run at a time, and remembers the result."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from daemons.model.budgets import Budgets
from daemons.model.endpoint_memory import EndpointMemory
from daemons.model.model_source import ModelSource
from daemons.model.probe.attempt import Attempt
from shared.domain.errors import Unavailable
from shared.domain.model_probe import ModelProbe

_log = logging.getLogger(__name__)


class Prober:
    """Tries the model behind one source."""

    def __init__(self, source: ModelSource, memory: EndpointMemory, budgets: Budgets) -> None:
        self._source = source
        self._memory = memory
        self._budgets = budgets
        self._run: asyncio.Task[ModelProbe] | None = None

    @property
    def last(self) -> ModelProbe | None:
        """The last result."""
        return self._memory.probe

    async def probe(self) -> ModelProbe:
        """Try the model; callers during a run share its result. Raises TooMany if the day's budget is used up."""
        if self._run is None or self._run.done():
            self._budgets.check_day()
            self._run = asyncio.create_task(self._try())
        try:
            return await asyncio.shield(self._run)
        except asyncio.CancelledError:
            if self._run.cancelled():
                raise Unavailable("The model daemon is being restarted.", "Try again in a moment.") from None
            raise

    async def end(self) -> None:
        """Break off a run."""
        if self._run:
            self._run.cancel()
            await asyncio.gather(self._run, return_exceptions=True)

    async def _try(self) -> ModelProbe:
        seen = await Attempt(self._source, self._budgets).run()
        self._memory.keep_probe(seen)
        _log.info("the model was tried: %s", seen.verdict)
        return seen


@asynccontextmanager
async def open_prober(source: ModelSource, memory: EndpointMemory, budgets: Budgets) -> AsyncIterator[Prober]:
    """A prober whose run ends with it."""
    prober = Prober(source, memory, budgets)
    try:
        yield prober
    finally:
        await prober.end()
