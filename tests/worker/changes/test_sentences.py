"""Changes are said as a person would say them; the list in a version's record is cut and counted."""

import pytest

from daemons.worker.changes.sentences import sentence, told
from shared.domain.manifest import CheckStatus
from shared.domain.visible_changes import ChangeOf, VisibleChange, VisibleChanges

ONE = {"pages": ("index.html",), "page_count": 1}


@pytest.mark.parametrize("of", ChangeOf)
def test_each_kind_of_change_has_words(of: ChangeOf) -> None:
    change = VisibleChange(of=of, what="text", named="Menu", before="rgb(0, 0, 0)", after="rgb(255, 255, 255)", **ONE)  # type: ignore[arg-type]
    assert "{" not in sentence(change)
    assert "Menu" in sentence(change) or "rgb" in sentence(change) or "black → white" in sentence(change)


def test_pages_are_named_or_counted() -> None:
    change = VisibleChange(of=ChangeOf.TEXT, what="text", where="footer", before="2025", after="2026")
    assert sentence(change.model_copy(update=ONE)) == "index.html: Text in the footer: “2025” → “2026”"
    many = change.model_copy(update={"pages": ("a.html", "b.html"), "page_count": 40})
    assert sentence(many) == "40 pages: Text in the footer: “2025” → “2026”"


def test_a_replaced_picture_and_another_picture_are_told_apart() -> None:
    change = VisibleChange(of=ChangeOf.PICTURE, what="picture", before="/a/team.jpg", after="/a/team.jpg", **ONE)  # type: ignore[arg-type]
    assert sentence(change) == "index.html: Picture replaced: team.jpg"
    assert sentence(change.model_copy(update={"after": "/b/us.jpg"})) == "index.html: Picture: team.jpg → us.jpg"


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
