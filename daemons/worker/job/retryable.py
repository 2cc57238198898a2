"""Decides which failures another worker may try again: those that are PageWright's own fault."""

from shared.domain.errors import BadGateway, InsufficientStorage, PageWrightError
from shared.domain.vocabulary import Failure

UNEXPECTED = Failure(detail="Something went wrong on our side; your site is as it was.", hint="Try again in a moment.")


class TryOnceMore(Exception):
    """This attempt failed by a fault of PageWright, and the job has attempts left."""


def is_retryable(error: Exception) -> bool:
    """Whether the job may succeed next time: a bad request, the model and a full disk would only fail again."""
    if not isinstance(error, PageWrightError):
        return True
    return error.status >= 500 and not isinstance(error, BadGateway | InsufficientStorage)
