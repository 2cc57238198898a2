"""The gateway to the model: checks ticket, request and budget, then streams the answer event by event."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from daemons.model.bearer_ticket import bearer_ticket
from daemons.model.budgets import Budgets
from daemons.model.endpoint_memory import EndpointMemory
from daemons.model.event_answer import EventAnswer
from daemons.model.event_stream import StreamEvent
from daemons.model.metering import metered
from daemons.model.model_source import ModelSource
from daemons.model.probe.prober import Prober
from daemons.model.questions.asking import QuestionRoutes
from daemons.model.request_body import ModelRequest, read_request
from shared.domain.errors import Conflict, InvalidInput, NotSignedIn, PageWrightError, TooLarge, TooMany
from shared.domain.release import RELEASE
from shared.domain.tickets import Ticket, read_ticket
from shared.runtime import metrics
from shared.runtime.journal import log_context
from shared.runtime.web import http_app, limited_body

_log = logging.getLogger(__name__)

_MOST_BODY_BYTES = 8 << 20
_MOST_AT_ONCE = 4
_REASONS = {NotSignedIn: "ticket", InvalidInput: "body", TooLarge: "size"}


class ModelGateway:
    """Answers for one model source; `memory` is that of its endpoint. The practice model has none and is not tried."""

    def __init__(self, source: ModelSource, memory: EndpointMemory | None, budgets: Budgets, ticket_key: bytes) -> None:
        self._source = source
        asked = http_app([self.responses_route])
        self._prober = Prober(asked, ticket_key, memory, budgets) if memory else None
        self.questions = QuestionRoutes(asked, ticket_key)
        self._budgets = budgets
        self._ticket_key = ticket_key
        self._at_once: Counter[str] = Counter()
        self._stopping = asyncio.Event()

    async def end_answers(self, stop: asyncio.Event) -> None:
        """Wait for the daemon's end, then end the answers that are under way."""
        await stop.wait()
        if self._prober:
            await self._prober.end()
        self._stopping.set()

    @property
    def responses_route(self) -> Route:
        """The one address at which the model is asked, by jobs, by our own questions and by the probe."""
        return Route("/v1/responses", self.responses, methods=["POST"])

    async def responses(self, request: Request) -> Response:
        """`POST /v1/responses`: a stream of events, or a problem."""
        try:
            ticket = self._ticket(request)
            body = b"".join([chunk async for chunk in limited_body(request, _MOST_BODY_BYTES)])
            question = read_request(body)
        except PageWrightError as error:
            _count_refusal(_REASONS.get(type(error), "other"))
            raise
        return EventAnswer(self._answer(ticket, question, len(body)), self._stopping)

    def _ticket(self, request: Request) -> Ticket:
        return read_ticket(self._ticket_key, bearer_ticket(request))

    async def _answer(self, ticket: Ticket, question: ModelRequest, size: int) -> AsyncGenerator[StreamEvent, None]:
        # One task runs all of this, so it can set and reset the log context.
        with log_context(job=ticket.job, site=ticket.site), self._admitted(ticket.job):
            answer = self._source.events(question, ticket.job)
            async with aclosing(metered(answer, self._source.name, size, ticket.job, self._budgets)) as events:
                async for event in events:
                    yield event

    @contextmanager
    def _admitted(self, job: str) -> Iterator[None]:
        """Count the request; raises TooMany if the job has too many in flight or no budget left."""
        if self._at_once[job] >= _MOST_AT_ONCE:
            _count_refusal("rate")
            raise TooMany(f"The job has {_MOST_AT_ONCE} requests to the model in flight.", "Wait for one to end.")
        try:
            self._budgets.count_request(job)
        except TooMany:
            _count_refusal("budget")
            raise
        self._at_once[job] += 1
        try:
            yield
        finally:
            self._at_once[job] -= 1
            if not self._at_once[job]:
                del self._at_once[job]

    async def model(self, _: Request) -> Response:
        """`GET /v1/model`: which model it is, and how much of the day's budget is used."""
        used, budget = self._budgets.day()
        spent = {"release": RELEASE, "day_tokens": used, "day_budget_tokens": budget}
        last = self._prober.last if self._prober else None
        return JSONResponse(self._source.facts() | {"probe": last.model_dump(mode="json") if last else None} | spent)

    async def probe(self, request: Request) -> Response:
        """`POST /v1/probe`: gives the model three small tasks, and answers with the result."""
        self._ticket(request)
        if self._prober is None:
            raise Conflict("The practice model answers; there is nothing to find out.", "Name a model API first.")
        return JSONResponse((await self._prober.probe()).model_dump(mode="json"))

    async def usage(self, request: Request) -> Response:
        """`GET /v1/jobs/{job}/usage`: what the job has used so far."""
        return JSONResponse(self._budgets.usage(request.path_params["job"]).model_dump())


def _count_refusal(reason: str) -> None:
    metrics.MODEL_REFUSALS.labels(reason).inc()
    _log.info("refused: %s", reason)


def model_app(gateway: ModelGateway) -> ASGIApp:
    """The routes of the model daemon."""
    return http_app(
        [
            gateway.responses_route,
            Route("/v1/model", gateway.model),
            Route("/v1/probe", gateway.probe, methods=["POST"]),
            *gateway.questions.routes,
            Route("/v1/jobs/{job}/usage", gateway.usage),
        ]
    )
