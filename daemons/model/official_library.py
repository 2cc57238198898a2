"""Asks a gateway inside this process with the official library, as any client does: its only home.

Loading it costs two seconds and 30 MB, so `library_loading` imports this module when it is first needed.
"""

import inspect
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from openai import APIStatusError, AsyncOpenAI, OpenAIError
from openai.types import responses
from pydantic import BaseModel
from starlette.types import ASGIApp

from daemons.model.event_stream import StreamEvent
from daemons.model.library_loading import Ask
from shared.clients.daemon import open_application
from shared.domain.errors import BadGateway, from_problem


@asynccontextmanager
async def open_library(app: ASGIApp, ticket: str) -> AsyncIterator[Ask]:
    """The library, asking this application with this ticket; it asks nothing twice."""
    http = open_application(app)
    # It is typed for httpx2 and takes httpx as well.
    base, client = f"{http.base_url}/v1", cast("Any", http)
    async with AsyncOpenAI(api_key=ticket, base_url=base, http_client=client, max_retries=0) as library:

        async def ask(body: dict[str, Any]) -> list[StreamEvent]:
            try:
                async with await library.responses.create(**body) as answer:
                    return [event.to_dict() async for event in answer]
            except APIStatusError as refused:
                raise from_problem(refused.status_code, refused.body) from None
            except (OpenAIError, ValueError):
                raise BadGateway("The model's answer can't be read by the official library.") from None

        yield ask


def build_types() -> None:
    """Build the library's types of events, which it leaves for its first answer: a second that must not stop others."""
    for kind in vars(responses).values():
        if inspect.isclass(kind) and issubclass(kind, BaseModel):
            kind.model_rebuild()
