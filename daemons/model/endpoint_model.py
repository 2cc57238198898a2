"""An endpoint as a source of answers: its dialect goes out, and what Codex understands comes back."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from daemons.model.dialect_choice import DialectChoice
from daemons.model.dialects.answers import AnswerMender
from daemons.model.dialects.functions import functions_request
from daemons.model.endpoint import Endpoint
from daemons.model.endpoint_faults import EndpointRefused
from daemons.model.endpoint_memory import Dialect
from daemons.model.event_stream import StreamEvent
from daemons.model.request_body import ModelRequest, cache_key


class EndpointModel:
    """The model of one endpoint; `context_tokens` is how much it reads at once, if the operator said so."""

    def __init__(self, endpoint: Endpoint, choice: DialectChoice, context_tokens: int | None) -> None:
        self._endpoint = endpoint
        self._choice = choice
        self._context_tokens = context_tokens
        self.name = endpoint.name

    def facts(self) -> dict[str, object]:
        """Name, dialect and context of the model, as far as known."""
        known = {"dialect": self._choice.known, "context_tokens": self._context_tokens}
        return {"name": self.name, "practice": False} | known

    async def events(self, request: ModelRequest, job: str) -> AsyncGenerator[StreamEvent, None]:
        """The endpoint's events, mended."""
        body = self._body(request, job, await self._choice.dialect(job))
        mender = AnswerMender(request.tools or ())
        try:
            async with aclosing(self._endpoint.events(body)) as events:
                async for event in events:
                    for mended in mender.mend(event):
                        yield mended
        except EndpointRefused:
            if not request.answer_form:  # it may know no forms of answers, in any dialect
                self._choice.doubt()
            raise

    def _body(self, request: ModelRequest, job: str, dialect: Dialect) -> dict[str, Any]:
        if dialect == "functions":
            return functions_request(request).build(self.name)
        return request.build(self.name) | cache_key(job)
