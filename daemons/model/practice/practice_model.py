"""The practice model as a source of answers, in place of an endpoint."""

from collections.abc import AsyncGenerator

from daemons.model.event_stream import StreamEvent
from daemons.model.practice.response_events import answer_events
from daemons.model.request_body import ModelRequest


class PracticeModel:
    """Answers at once, from the request alone."""

    name = "practice"

    def facts(self) -> dict[str, object]:
        """Its name, and that it is the practice model."""
        return {"name": self.name, "practice": True}

    async def events(self, request: ModelRequest, job: str) -> AsyncGenerator[StreamEvent, None]:
        """The next step of the conversation as events."""
        for event in answer_events(request, self.name):
            yield event
