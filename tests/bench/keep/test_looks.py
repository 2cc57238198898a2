"""Which checks of a run count: those that say something that the parent's checks did not say."""

from bench.keep.looks import signals
from shared.domain.manifest import Check, CheckStatus

OLD = Check(name="links", status=CheckStatus.WARNING, findings=("a.html: no b.html",))


def warning(finding: str, status: CheckStatus = CheckStatus.WARNING) -> Check:
    return Check(name="links", status=status, findings=(finding,))


def test_what_was_wrong_before_counts_against_nobody() -> None:
    assert signals([OLD, warning("already in version 1: a.html: no b.html")], [OLD]) == ()
    assert signals([Check(name="links", status=CheckStatus.PASSED, findings=("new",))], []) == ()


def test_what_is_new_counts() -> None:
    new = warning("c.html: no d.html")
    failed = warning("already in version 1: a.html: no b.html", CheckStatus.FAILED)
    assert signals([new, failed], [OLD]) == (new, failed)
