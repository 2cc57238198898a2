"""Asks the model daemon whether the practice model answers, so that pages can say so."""

import math
import time

from htmx_ui.parts import Practice
from htmx_ui.wording import PRACTICE_REQUESTS
from shared.clients.model import ModelClient
from shared.domain.errors import PageWrightError

_KEPT_SECONDS = 60.0
_MISSED_SECONDS = 2.0  # every page asks; most of them come in a crowd
_ANSWER_SECONDS = 2.0


class ModelNote:
    """Remembers the answer for a minute; a model daemon that is away is asked again a moment later."""

    def __init__(self, address: str, missed_seconds: float = _MISSED_SECONDS) -> None:
        self._address = address
        self._missed_seconds = missed_seconds
        self._practice: Practice | None = None
        self._ask_at = -math.inf

    async def practice(self) -> Practice | None:
        """What to tell about the practice model; None if another model answers, or none."""
        if time.monotonic() < self._ask_at:
            return self._practice
        try:
            async with ModelClient(self._address, timeout=_ANSWER_SECONDS) as model:
                facts = await model.facts()
        except PageWrightError:
            self._practice, self._ask_at = None, time.monotonic() + self._missed_seconds
            return None
        self._practice = Practice(understands=PRACTICE_REQUESTS) if facts.practice else None
        self._ask_at = time.monotonic() + _KEPT_SECONDS
        return self._practice
