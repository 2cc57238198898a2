"""Names a version that can't be read, so that the other versions stay usable."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.domain.errors import Conflict, PageWrightError, Unavailable


@contextmanager
def reading_version(number: int) -> Iterator[None]:
    """Turn an error about a version's bytes, raised within, into a Conflict that names the version."""
    try:
        yield
    except Unavailable:
        raise
    except PageWrightError as error:
        raise Conflict(
            f"Version {number} can't be read: {error.detail}",
            "The other versions are well: start from one of them. An operator may find it in a backup.",
        ) from error
