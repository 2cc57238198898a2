"""The only client of the model daemon."""

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from typing import Self, TypeVar

from pydantic import BaseModel, ValidationError

from shared.clients.daemon import ConnectError, Response, TransportError, error_from, open_client
from shared.clients.retry import retry
from shared.domain.errors import Unavailable
from shared.domain.manifest import Usage
from shared.domain.model_facts import ModelFacts
from shared.domain.model_probe import ModelProbe
from shared.domain.model_questions import LookAnswer, LookQuestion, ScopeAnswer, ScopeQuestion

_HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
T = TypeVar("T", bound=BaseModel)


class ModelUnreachable(Unavailable):
    """The model daemon itself did not answer; every other error is one that it answered with."""


class ModelClient:
    """The model daemon at an address; use it with `async with`. A job's ticket lets it ask the model.

    Every method raises ModelUnreachable, the error that the daemon answered with, or Unavailable if its answer can't be
    read. `timeout` is the longest silence in seconds.
    """

    def __init__(self, address: str, ticket: str = "", timeout: float = 30.0) -> None:
        self._http = open_client(address, {"Authorization": f"Bearer {ticket}"} if ticket else {}, timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def facts(self) -> ModelFacts:
        """Which model answers, and what is known of it."""
        return await self._ask(ModelFacts, "GET", "/v1/model")

    async def usage(self, job: str) -> Usage:
        """What a job has used so far."""
        return await self._ask(Usage, "GET", f"/v1/jobs/{job}/usage")

    async def probe(self) -> ModelProbe:
        """Let the daemon try its model."""
        return await self._ask(ModelProbe, "POST", "/v1/probe")

    async def scope(self, question: ScopeQuestion) -> ScopeAnswer:
        """What a request concerns, as the model says; a daemon of the release before answers NotFound."""
        return await self._ask(ScopeAnswer, "POST", "/v1/scope", question)

    async def look(self, question: LookQuestion) -> LookAnswer:
        """Whether an edit did what was asked, as the model says; a daemon of the release before answers NotFound."""
        return await self._ask(LookAnswer, "POST", "/v1/look", question)

    @asynccontextmanager
    async def answer(self, body: bytes, restart_seconds: float) -> AsyncIterator[Response]:
        """The answer to a request in the form of the Responses API, to be read as it comes.

        Waits for a model daemon that is being restarted: after a ConnectError it has received nothing of the request.
        """
        request = self._http.build_request("POST", "/v1/responses", content=body, headers=_HEADERS)
        with _reached():
            sending = retry(lambda: self._http.send(request, stream=True), seconds=restart_seconds, after=ConnectError)
            async with aclosing(await sending) as response:
                if response.status_code != 200:
                    await response.aread()
                    raise error_from(response)
                yield response

    async def _ask(self, answer_type: type[T], method: str, path: str, asked: BaseModel | None = None) -> T:
        body = asked.model_dump_json() if asked else None
        with _reached():
            response = await self._http.request(method, path, content=body, headers=_HEADERS if asked else None)
        if response.is_error:
            raise error_from(response)
        try:
            return answer_type.model_validate_json(response.content)
        except ValidationError:
            raise Unavailable("The model daemon's answer can't be read.", "Run the same release everywhere.") from None


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except TransportError:
        raise ModelUnreachable(
            "The model daemon can't be reached.", "Try again in a minute. Operators: its journal says why."
        ) from None
