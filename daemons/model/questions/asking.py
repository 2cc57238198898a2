"""Puts the questions of `/v1/scope` and `/v1/look` to the model, by the gateway's door and with its job's ticket."""

import asyncio

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from daemons.model.bearer_ticket import bearer_ticket
from daemons.model.library_loading import ANY_MODEL, load_library
from daemons.model.questions.look_question import LOOK
from daemons.model.questions.question import A, Question
from daemons.model.questions.scope_question import SCOPE
from shared.domain.errors import InvalidInput, Unavailable
from shared.domain.model_questions import LookQuestion, ScopeQuestion
from shared.domain.tickets import read_ticket
from shared.runtime.web import limited_body

_MOST_SECONDS = 12.0  # less than a worker waits
_MOST_BODY_BYTES = 1 << 20


class QuestionRoutes:
    """Asks the application that answers `POST /v1/responses`, so a question counts as any request of its job does."""

    def __init__(self, app: ASGIApp, ticket_key: bytes) -> None:
        self._app = app
        self._ticket_key = ticket_key

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/v1/scope", self.scope, methods=["POST"]),
            Route("/v1/look", self.look, methods=["POST"]),
        ]

    async def scope(self, request: Request) -> Response:
        """`POST /v1/scope`: what a request concerns, or a problem if the model does not say that."""
        return await self._answer(request, SCOPE, ScopeQuestion)

    async def look(self, request: Request) -> Response:
        """`POST /v1/look`: whether an edit did what was asked, or a problem if the model does not say that."""
        return await self._answer(request, LOOK, LookQuestion)

    async def _answer(self, request: Request, question: Question[A], about: type[BaseModel]) -> Response:
        ticket = bearer_ticket(request)
        read_ticket(self._ticket_key, ticket)
        asked = _read(about, b"".join([chunk async for chunk in limited_body(request, _MOST_BODY_BYTES)]))
        answer = await self._ask(ticket, question, asked)
        return JSONResponse(answer.model_dump(mode="json"))

    async def _ask(self, ticket: str, question: Question[A], asked: BaseModel) -> A:
        open_library = await load_library()
        try:
            async with asyncio.timeout(_MOST_SECONDS), open_library(self._app, ticket) as ask:
                return question.read(await ask(question.request(asked).build(ANY_MODEL)))
        except TimeoutError:
            raise Unavailable("The model took too long to answer.", "Go by the request's own words.") from None


def _read(kind: type[BaseModel], body: bytes) -> BaseModel:
    try:
        return kind.model_validate_json(body)
    except ValidationError:
        raise InvalidInput("The question can't be read.", "Run the same release everywhere.") from None
