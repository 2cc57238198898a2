"""What follows from the last publications of a site: what can be undone, taken back or was taken down; pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.domain.vocabulary import Deployment

UNDO_TIME = timedelta(minutes=10)


def undoable(published: Sequence[Deployment], now: datetime) -> int | None:
    """The version to go back to, for ten minutes after a newer one was published or the site was taken down; or None.

    `published` are the publications, newest first. Going back is not undone: that would publish what was taken back.
    """
    if len(published) < 2:
        return None
    newest, before = published[:2]
    is_fresh = now - newest.at < UNDO_TIME
    if not is_fresh or before.version is None:
        return None
    return before.version if newest.version is None or before.version < newest.version else None


def is_withdrawn(published: Sequence[Deployment], latest: int | None) -> bool:
    """Whether visitors see an older version, and nothing was made since the newest that was taken back from them."""
    if not published or latest is None:
        return False
    versions = [deployment.version or 0 for deployment in published]
    return 0 < versions[0] < latest <= max(versions)


def taken_down(published: Sequence[Deployment]) -> int | None:
    """The version that visitors saw until the site was taken down; None unless they are to see nothing now."""
    if len(published) < 2 or published[0].version is not None:
        return None
    return published[1].version
