"""Which failures are PageWright's own, and so worth another try by another worker, and what is told if none helps."""

from shared.domain.errors import BadGateway, InsufficientStorage, PageWrightError
from shared.domain.vocabulary import Failure

UNFORESEEN = Failure(detail="Something went wrong on our side; your site is as it was.", hint="Try again in a moment.")


class LeftToAnother(Exception):
    """This attempt failed for a fault of ours, and the job has attempts left."""


def is_own(error: Exception) -> bool:
    """Whether it is neither what was asked, nor the model's fault, nor a full disk: those would only fail again."""
    if not isinstance(error, PageWrightError):
        return True
    return error.status >= 500 and not isinstance(error, BadGateway | InsufficientStorage)
