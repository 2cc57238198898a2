"""Finds out, once, in which dialect an endpoint is spoken to, and remembers it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta

from daemons.model.budgets import Budgets
from daemons.model.dialects.functions import functions_request
from daemons.model.dialects.trial import calls_free_text, trial_request
from daemons.model.endpoint import Endpoint
from daemons.model.endpoint_faults import Refused
from daemons.model.endpoint_memory import Dialect, EndpointMemory
from daemons.model.event_stream import Event
from daemons.model.metering import metered
from daemons.model.request_body import ModelRequest

_log = logging.getLogger(__name__)

_SURE = timedelta(minutes=10)
_JOB = "dialect"  # its tokens count for the day, and for no job


class DialectChoice:
    """The dialect of one endpoint; made by `open_choice`."""

    def __init__(self, endpoint: Endpoint, memory: EndpointMemory, budgets: Budgets, fixed: Dialect | None) -> None:
        self._endpoint = endpoint
        self._memory = memory
        self._budgets = budgets
        self._fixed = fixed
        self._trial: asyncio.Task[Dialect] | None = None

    @property
    def known(self) -> Dialect | None:
        """The dialect, None while it has not been found out."""
        return self._fixed or self._memory.dialect

    async def dialect(self) -> Dialect:
        """The dialect; whoever asks while it is being found out waits for the same trial.

        Raises a PageWrightError if the endpoint is away, which decides nothing.
        """
        if self.known:
            return self.known
        if self._trial is None or self._trial.done():
            self._trial = asyncio.create_task(self._find_out())
        # Who is gone does not end it for the others.
        return await asyncio.shield(self._trial)

    def doubt(self) -> None:
        """The endpoint refused a request: what was found out a while ago may no longer be so."""
        self._memory.doubt_dialect(_SURE)

    async def end(self) -> None:
        """Break off a trial."""
        if self._trial:
            self._trial.cancel()
            await asyncio.gather(self._trial, return_exceptions=True)

    async def _find_out(self) -> Dialect:
        found: Dialect = "responses" if await self._knows_free_text() else "functions"
        if found == "functions":
            await self._ask(functions_request(trial_request()))
        self._memory.keep_dialect(found)
        _log.info("the endpoint is spoken to in the dialect %s", found)
        return found

    async def _knows_free_text(self) -> bool:
        try:
            return calls_free_text(await self._ask(trial_request()))
        except Refused:
            return False

    async def _ask(self, request: ModelRequest) -> list[Event]:
        """The events of a whole answer; raises Refused if there is none."""
        body = request.build(self._endpoint.name)
        answer = self._endpoint.events(body)
        async with aclosing(
            metered(answer, self._endpoint.name, len(json.dumps(body)), _JOB, self._budgets)
        ) as counted:
            events = [event async for event in counted]
        if events[-1]["type"] == "response.failed":
            raise Refused("The model API gave up.", "Try again in a few minutes.")
        return events


@asynccontextmanager
async def open_choice(
    endpoint: Endpoint, memory: EndpointMemory, budgets: Budgets, fixed: Dialect | None
) -> AsyncIterator[DialectChoice]:
    """The choice of a dialect, `fixed` or to be found out."""
    choice = DialectChoice(endpoint, memory, budgets, fixed)
    try:
        yield choice
    finally:
        await choice.end()
