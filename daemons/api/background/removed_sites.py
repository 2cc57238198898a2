"""Looks after deleted sites every minute; that each api process does so is harmless."""

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime

from daemons.api.sites.removal import Removal
from shared.domain.errors import Unavailable

_log = logging.getLogger(__name__)
_SECONDS = 60.0


async def tend_removed_sites(removal: Removal, stop: asyncio.Event, seconds: float = _SECONDS) -> None:
    """Until `stop` is set. No retry: what could not be done now is done a minute later."""
    while not stop.is_set():
        try:
            await removal.tend(datetime.now(UTC))
        except Unavailable as error:
            _log.warning("deleted sites have to wait: %s", error.detail)
        except Exception:
            _log.exception("looking after deleted sites met something unexpected")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)
