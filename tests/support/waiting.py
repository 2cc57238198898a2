"""Waiting for something to come true, as tests of live processes must."""

import time
from collections.abc import Callable
from typing import TypeVar

from shared.domain.errors import PageWrightError

Result = TypeVar("Result")


def wait_until(
    condition: Callable[[], Result],
    what: str,
    seconds: float = 60,
    not_yet: tuple[type[Exception], ...] = (PageWrightError,),
) -> Result:
    """The condition's first true result; fails with `what` after `seconds`. Errors of `not_yet` count as "not yet"."""
    deadline = time.monotonic() + seconds
    while True:
        reason: object = "not so"
        try:
            if result := condition():
                return result
        except not_yet as error:
            reason = error
        assert time.monotonic() < deadline, f"never happened: {what}: {reason}"
        time.sleep(0.02)
