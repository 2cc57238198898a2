"""The list of changes in a version's record is cut and counted."""

from daemons.worker.changes.sentences import told
from shared.domain.manifest import CheckStatus
from shared.domain.visible_changes import ChangeOf, VisibleChange, VisibleChanges


def test_so_many_are_listed_and_the_others_counted() -> None:
    change = VisibleChange(of=ChangeOf.FILE_ADDED, what="document", named="menu.pdf")
    (check,) = told(VisibleChanges(changes=(change,) * 30, total=700))
    assert (len(check.findings), check.findings[-1], check.count) == (21, "and 680 more", 700)


def test_a_page_that_was_not_compared_is_said_beside_the_changes() -> None:
    listed, unread = told(VisibleChanges(unread=("a.html",), unread_count=3))
    assert (listed.status, listed.findings) == (CheckStatus.PASSED, ())
    assert unread.status is CheckStatus.WARNING
    assert unread.findings[0].startswith("a.html: what changed on it is not known")
    assert unread.count == 3
