"""Waiting for something to come true, as tests of live processes must."""

import time
from collections.abc import Callable
from typing import TypeVar

from shared.domain.errors import PageWrightError

Result = TypeVar("Result")
# Often enough for a short wait, and in a long one not so often that looking slows down what is waited for.
_LONGEST_PAUSE_SECONDS = 0.1


def wait_until(
    condition: Callable[[], Result],
    what: str,
    seconds: float = 60,
    not_yet: tuple[type[Exception], ...] = (PageWrightError,),
    longest_pause: float = _LONGEST_PAUSE_SECONDS,
) -> Result:
    """The condition's first true result; fails with `what` after `seconds`. Errors of `not_yet` count as "not yet"."""
    deadline, pause = time.monotonic() + seconds, 0.005
    while True:
        reason: object = "not so"
        try:
            if result := condition():
                return result
        except not_yet as error:
            reason = error
        assert time.monotonic() < deadline, f"never happened: {what}: {reason}"
        time.sleep(pause)
        pause = min(pause * 1.3, longest_pause)
