"""What stands behind the gateway: an endpoint or the practice model, with one interface."""

from collections.abc import AsyncGenerator
from typing import Protocol

from daemons.model.event_stream import StreamEvent
from daemons.model.request_body import ModelRequest


class ModelSource(Protocol):
    """A model that answers requests with events."""

    name: str

    def facts(self) -> dict[str, object]:
        """The facts for `GET /v1/model`: its name, whether it is the practice model, its dialect."""
        ...

    def events(self, request: ModelRequest, job: str) -> AsyncGenerator[StreamEvent, None]:
        """The answer's events; the last is one of `event_stream.ENDS`.

        Raises a PageWrightError instead of the first event if there is no answer; later faults are events.
        """
        ...
