"""Loads the official library when somebody first needs it, in a thread, so that answers under way don't wait for it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import cache
from typing import Any

from starlette.types import ASGIApp

from daemons.model.event_stream import StreamEvent

# Gives the events of the answer to a request, or raises the error that the gateway answers with.
Ask = Callable[[dict[str, Any]], Awaitable[list[StreamEvent]]]
ANY_MODEL = "any"  # the gateway names its own


async def load_library() -> Callable[[ASGIApp, str], AbstractAsyncContextManager[Ask]]:
    """What opens the library at an application, with a job's ticket."""
    return await asyncio.to_thread(_load)


@cache
def _load() -> Callable[[ASGIApp, str], AbstractAsyncContextManager[Ask]]:
    from daemons.model.official_library import build_types, open_library  # noqa: PLC0415

    build_types()
    return open_library
