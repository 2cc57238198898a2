"""What follows from the last publications of a site: whether one can be undone, and what was taken back; pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.domain.vocabulary import Deployment

UNDO_TIME = timedelta(minutes=10)


def undoable(published: Sequence[Deployment], now: datetime) -> int | None:
    """The version to go back to, for ten minutes after a newer one was published; None if there is nothing to undo.

    `published` are the publications, newest first. Going back is not undone: that would publish what was taken back.
    """
    if len(published) < 2:
        return None
    newest, before = published[:2]
    is_fresh = now - newest.at < UNDO_TIME
    return before.version if is_fresh and before.version < newest.version else None


def is_withdrawn(published: Sequence[Deployment], latest: int | None) -> bool:
    """Whether visitors see an older version, and nothing was made since the newest that was taken back from them."""
    if not published or latest is None:
        return False
    highest = max(deployment.version for deployment in published)
    return published[0].version < latest <= highest
