"""An endpoint as a source of answers: its dialect goes out, and what Codex understands comes back."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from daemons.model.dialects.answers import AnswerMender
from daemons.model.dialects.functions import functions_request
from daemons.model.endpoint import Endpoint
from daemons.model.event_stream import Event
from daemons.model.request_body import ModelRequest, cache_key


class EndpointModel:
    """The model of one endpoint."""

    practice = False

    def __init__(self, endpoint: Endpoint, dialect: str) -> None:
        self._endpoint = endpoint
        self._dialect = dialect
        self.name = endpoint.name

    async def events(self, request: ModelRequest, job: str) -> AsyncGenerator[Event, None]:
        """The endpoint's events, mended."""
        mender = AnswerMender(request.tools or ())
        async with aclosing(self._endpoint.events(self._body(request, job))) as events:
            async for event in events:
                for mended in mender.mend(event):
                    yield mended

    def _body(self, request: ModelRequest, job: str) -> dict[str, Any]:
        if self._dialect == "functions":
            return functions_request(request).build(self.name)
        return request.build(self.name) | cache_key(job)
