"""Finds out in which dialect an endpoint is spoken to, and remembers it.

If an answer breaks off or fails, it asks once more. If that fails too, it remembers nothing: the job uses the dialect
that every endpoint takes, and the next job tries again.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta

from daemons.model.budgets import Budgets
from daemons.model.dialects.functions import functions_request
from daemons.model.dialects.trial import knows_free_text, trial_request
from daemons.model.endpoint import Endpoint
from daemons.model.endpoint_faults import EndpointBroken, EndpointRefused
from daemons.model.endpoint_memory import Dialect, EndpointMemory
from daemons.model.event_stream import StreamEvent
from daemons.model.metering import metered
from daemons.model.request_body import ModelRequest

_log = logging.getLogger(__name__)

# A refusal this soon after the trial does not put its result in doubt.
_SURE = timedelta(minutes=10)
# An endpoint may learn free text, or the trial may have misread it: ask again after this time.
_FUNCTIONS_HOLD = timedelta(days=1)
_TAKEN_BY_ALL: Dialect = "functions"
_JOBS_IN_DOUBT = 100
_TRIES = 2
_JOB = "dialect"  # its tokens count for the day, and for no job


class DialectChoice:
    """The dialect of one endpoint; made by `open_choice`."""

    def __init__(self, endpoint: Endpoint, memory: EndpointMemory, budgets: Budgets, fixed: Dialect | None) -> None:
        self._endpoint = endpoint
        self._memory = memory
        self._budgets = budgets
        self._fixed = fixed
        self._trial: asyncio.Task[Dialect | None] | None = None
        self._in_doubt: deque[str] = deque(maxlen=_JOBS_IN_DOUBT)

    @property
    def known(self) -> Dialect | None:
        """The dialect, None while it has not been found out."""
        return self._fixed or self._memory.dialect

    async def dialect(self, job: str) -> Dialect:
        """The dialect for a request of this job; requests that come during a trial wait for it.

        Raises a PageWrightError, and decides nothing, if the endpoint is away.
        """
        if self.known and not self._is_due():
            return self.known
        if job in self._in_doubt:
            return self.known or _TAKEN_BY_ALL
        if self._trial is None or self._trial.done():
            self._trial = asyncio.create_task(self._find_out())
        # Shield it: one cancelled request must not end the trial for the others.
        found = await asyncio.shield(self._trial)
        if found is None:
            self._in_doubt.append(job)
        return found or self.known or _TAKEN_BY_ALL

    def _is_due(self) -> bool:
        """Whether it is time for another trial."""
        return self._fixed is None and self.known == "functions" and not self._memory.found_within(_FUNCTIONS_HOLD)

    def doubt(self) -> None:
        """The endpoint refused a request: forget the dialect, unless the trial was just now."""
        if not self._memory.found_within(_SURE):
            self._memory.forget_dialect()

    async def end(self) -> None:
        """Break off a trial."""
        if self._trial:
            self._trial.cancel()
            await asyncio.gather(self._trial, return_exceptions=True)

    async def _find_out(self) -> Dialect | None:
        knows = await self._knows_free_text()
        if knows is False and not await self._takes_functions():
            knows = None
        if knows is None:
            _log.warning("the endpoint's answers do not tell its dialect: the next job finds out")
            return None
        found: Dialect = "responses" if knows else "functions"
        self._memory.keep_dialect(found)
        _log.info("the endpoint is spoken to in the dialect %s", found)
        return found

    async def _knows_free_text(self) -> bool | None:
        """Whether it does, None if two answers do not tell."""
        was_broken = False
        for _ in range(_TRIES):
            try:
                knows = knows_free_text(await self._ask(trial_request()))
            except EndpointBroken:
                knows = False if was_broken else None
                was_broken = True
            except EndpointRefused:
                knows = False
            if knows is not None:
                return knows
        return None

    async def _takes_functions(self) -> bool:
        """Whether it answers the same in the other dialect; raises EndpointRefused if it takes that neither."""
        for _ in range(_TRIES):
            events = await self._ask(functions_request(trial_request()))
            if events[-1]["type"] != "response.failed":
                return True
        return False

    async def _ask(self, request: ModelRequest) -> list[StreamEvent]:
        """The events of an answer, however it ended."""
        body = request.build(self._endpoint.name)
        answer = self._endpoint.events(body)
        async with aclosing(
            metered(answer, self._endpoint.name, len(json.dumps(body)), _JOB, self._budgets)
        ) as counted:
            return [event async for event in counted]


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
