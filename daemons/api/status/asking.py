"""Asking a part how it is: one question, a short time, and an answer or the sentence why there is none."""

import asyncio
import logging
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.domain.errors import PageWrightError, Unavailable

_log = logging.getLogger(__name__)
T = TypeVar("T")

ANSWER_SECONDS = 2.0


@dataclass(frozen=True)
class PartAnswer(Generic[T]):
    """What a part said, or else `error`; `milliseconds` is how long that took."""

    value: T | None
    error: PageWrightError | None
    milliseconds: float


async def ask(part: str, question: Awaitable[T]) -> PartAnswer[T]:
    """The answer, never an exception: a part that hangs or breaks does not hold up the others. `part` is its name."""
    started = time.perf_counter()
    value: T | None = None
    error: PageWrightError | None = None
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            value = await question
    except TimeoutError:
        error = Unavailable(f"{part} did not answer within {ANSWER_SECONDS:.0f} seconds.", "Look at its journal.")
    except PageWrightError as known:
        error = known
    except Exception:
        _log.exception("%s could not be asked how it is", part)
        error = PageWrightError(f"{part} could not be asked.", "The api's journal says why.")
    return PartAnswer(value, error, round((time.perf_counter() - started) * 1000, 1))
