"""The time of a request is that until its answer begins: a stream that goes on says nothing about our speed."""

import asyncio
from collections.abc import AsyncIterator

import httpx
from prometheus_client import REGISTRY
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from shared.runtime.web import http_app


async def slow_stream(_: Request) -> Response:
    async def body() -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.sleep(1)
        yield b"last"

    return StreamingResponse(body())


def test_a_stream_is_timed_until_it_begins() -> None:
    async def ask() -> None:
        transport = httpx.ASGITransport(http_app([Route("/", slow_stream)]))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            assert (await client.get("/")).text == "firstlast"

    asyncio.run(ask())
    labels = {"route": "slow_stream", "method": "GET"}
    assert REGISTRY.get_sample_value("pagewright_http_request_seconds_count", labels) == 1
    assert (REGISTRY.get_sample_value("pagewright_http_request_seconds_sum", labels) or 9) < 0.8
