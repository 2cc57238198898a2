"""What nobody asked for in one version is told of the next one, too, until somebody changes it again."""

import pytest

from daemons.worker.scope.still_unasked import still_unasked
from shared.domain.change_sentences import sentence
from shared.domain.manifest import Check, CheckStatus
from shared.domain.visible_changes import ChangeOf, VisibleChange

COLOUR = {"before": "rgb(255, 255, 255)", "after": "rgb(0, 0, 0)"}


def change(of: ChangeOf = ChangeOf.TEXT, *, what: str = "headline", page: str = "a.html", **more: str) -> VisibleChange:
    return VisibleChange(of=of, what=what, pages=(page,), page_count=1, **more)  # type: ignore[arg-type]


HEADLINE = change(before="Bread", after="Cake")
COLOURED = change(ChangeOf.BACKGROUND, what="area", **COLOUR)
LOST = change(ChangeOf.REMOVED, what="text", before="Ring twice")
FILE = "b.html: changed in its source, and nobody asked for that"


def still(
    *changes: VisibleChange, touched: tuple[str, ...] = (), status: CheckStatus = CheckStatus.FAILED
) -> list[str]:
    findings = (*map(sentence, (HEADLINE, COLOURED, LOST)), FILE)
    checks = [
        Check(name="links", status=status, findings=("x",)),
        Check(name="unasked", status=status, findings=findings),
    ]
    prefix = "still as in version 4: "
    found = still_unasked(4, checks, changes, touched)
    assert all(one.startswith(prefix) for one in found)
    return [one.removeprefix(prefix) for one in found]


def test_an_edit_elsewhere_leaves_all_of_it() -> None:
    other = change(what="text", page="c.html", before="7:00", after="8:00")
    assert still(other) == [*map(sentence, (HEADLINE, COLOURED, LOST)), FILE]


def test_only_what_failed_is_told_again() -> None:
    assert still(status=CheckStatus.WARNING) == []


@pytest.mark.parametrize(
    ("again", "told"),
    [
        (change(before="Cake", after="Bread"), HEADLINE),
        (change(before="Cake", after="Pie"), HEADLINE),
        (change(ChangeOf.BACKGROUND, what="area", before=COLOUR["after"], after=COLOUR["before"]), COLOURED),
        (change(ChangeOf.ADDED, what="text", after="Ring twice"), LOST),
    ],
)
def test_what_is_changed_again_is_judged_for_itself(again: VisibleChange, told: VisibleChange) -> None:
    assert sentence(told) not in still(again)
    assert len(still(again)) == 3


def test_a_file_that_is_edited_again_is_judged_for_itself() -> None:
    assert FILE not in still(touched=("b.html",))


def test_the_version_that_brought_it_stays_named() -> None:
    findings = ("still as in version 2: a.html: Headline: “x” → “y”",)
    checks = [Check(name="unasked", status=CheckStatus.FAILED, findings=findings)]
    assert still_unasked(4, checks, (), ()) == findings
