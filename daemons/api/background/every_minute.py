"""Looks after something every minute, whatever goes wrong; that each api process does so is harmless."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

from shared.domain.errors import Unavailable

_log = logging.getLogger(__name__)
_SECONDS = 60.0


async def every_minute(
    what: str, tend: Callable[[datetime], Awaitable[None]], stop: asyncio.Event, seconds: float = _SECONDS
) -> None:
    """Tend to it at once and until `stop` is set. No retry: what could not be done now is done a minute later."""
    while not stop.is_set():
        try:
            await tend(datetime.now(UTC))
        except Unavailable as error:
            _log.warning("%s have to wait: %s", what, error.detail)
        except Exception:
            _log.exception("looking after %s met something unexpected", what)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
