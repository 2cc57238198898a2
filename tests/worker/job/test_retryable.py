"""Another worker may try again what failed by a fault of PageWright; what would fail again is not tried."""

import pytest

from daemons.worker.job.retryable import is_retryable
from daemons.worker.sandbox import SandboxUnavailable
from shared.domain.errors import (
    BadGateway,
    InsufficientStorage,
    InvalidInput,
    PageWrightError,
    TooLarge,
    TooMany,
    Unavailable,
)


@pytest.mark.parametrize(
    ("error", "own"),
    [
        (SandboxUnavailable("The sandbox did not come up."), True),
        (Unavailable("Storage is away."), True),
        (PageWrightError("The browser stopped."), True),
        (RuntimeError("a bug"), True),
        (BadGateway("The model gave up."), False),
        (InsufficientStorage("The disk is full."), False),
        (TooLarge("The edit took too long."), False),
        (TooMany("The tokens are used up."), False),
        (InvalidInput("There is no such version."), False),
    ],
)
def test_what_is_ours(error: Exception, own: bool) -> None:
    assert is_retryable(error) is own
