"""Gives the model behind the gateway the three tasks, one run at a time, and remembers the result."""

import asyncio
import logging

from starlette.types import ASGIApp

from daemons.model.budgets import Budgets
from daemons.model.endpoint_memory import EndpointMemory
from daemons.model.library_loading import load_library
from daemons.model.probe.attempt import Attempt
from shared.domain.errors import Unavailable
from shared.domain.model_probe import ModelProbe
from shared.domain.tickets import issue_ticket
from shared.domain.vocabulary import new_id

_log = logging.getLogger(__name__)
_TICKET_SECONDS = 600  # longer than a run takes


class Prober:
    """Tries the model that answers `POST /v1/responses` of an application, with tickets of its own."""

    def __init__(self, app: ASGIApp, ticket_key: bytes, memory: EndpointMemory, budgets: Budgets) -> None:
        self._app = app
        self._ticket_key = ticket_key
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
        ticket = issue_ticket(self._ticket_key, job=new_id(), site="probe", seconds=_TICKET_SECONDS)
        open_library = await load_library()
        async with open_library(self._app, ticket) as ask:
            seen = await Attempt(ask).run()
        self._memory.keep_probe(seen)
        _log.info("the model was tried: %s", seen.verdict)
        return seen
