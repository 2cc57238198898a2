"""Lists visible changes as a version's record has them: the first ones in words, the others counted."""

from shared.domain.change_sentences import sentence
from shared.domain.manifest import Check, CheckStatus
from shared.domain.visible_changes import CHECK, UNREAD, VisibleChanges

_MOST_TOLD = 20
_UNREAD = "{}: what changed on it is not known, because it could not be read"


def told(changes: VisibleChanges) -> tuple[Check, ...]:
    """The changes as the version's record lists them, the first 20 in words; then the pages that were not compared."""
    sentences = [sentence(change) for change in changes.changes[:_MOST_TOLD]]
    more = changes.total - len(sentences)
    cut = (f"and {more} more",) if more else ()
    listed = Check(name=CHECK, status=CheckStatus.PASSED, findings=(*sentences, *cut))
    unnamed = changes.unread_count - len(changes.unread)
    unread = (*map(_UNREAD.format, changes.unread), *([f"and {unnamed} more"] if unnamed else []))
    return (listed, Check(name=UNREAD, status=CheckStatus.WARNING, findings=unread)) if unread else (listed,)
