"""The official library is loaded when it is first needed, and asks an application with a ticket, once."""

import asyncio
import subprocess
import sys

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from daemons.model.library_loading import load_library
from shared.domain.errors import BadGateway, NotSignedIn
from shared.runtime.web import http_app


def test_a_daemon_that_asks_nothing_has_none_of_it() -> None:
    loaded = "import sys, daemons.model.gateway; sys.exit('openai' in sys.modules)"
    subprocess.run([sys.executable, "-c", loaded], check=True, timeout=60)


def test_it_asks_once_with_the_ticket() -> None:
    seen: list[str] = []

    async def answer(request: Request) -> Response:
        seen.append(request.headers["authorization"])
        if len(seen) == 1:
            raise NotSignedIn("Who is it?")
        return Response("data: nonsense\n\n", media_type="text/event-stream")

    async def ask() -> None:
        open_library = await load_library()
        async with open_library(http_app([Route("/v1/responses", answer, methods=["POST"])]), "a.b") as ask:
            with pytest.raises(NotSignedIn, match="Who is it"):
                await ask({"model": "any", "input": "a", "stream": True})
            with pytest.raises(BadGateway):
                await ask({"model": "any", "input": "a", "stream": True})

    asyncio.run(ask())
    assert seen == ["Bearer a.b"] * 2
