"""A whole edit judged from two trees, and the faults that agents are known for."""

import pytest

from daemons.worker.scope.judged_edit import JudgedEdit, judge_edit
from daemons.worker.scope.read_request import read_request
from shared.domain.scope import Scope, ScopeSource
from shared.domain.tree import compare
from shared.domain.visible_changes import ChangeOf, Verdict, VisibleChange, VisibleChanges

CONTACT = b"<title>Contact</title><h1>Talk to us</h1><p>7:00</p><p>Ring twice.</p><p>b</p><p>c</p>"
SITE = {
    "index.html": b"<title>Home</title><h1>Bread</h1><p>Fresh</p>",
    "contact.html": CONTACT,
    "style.css": b"p{color:red}",
}
MESSAGE = 'Change "7:00" on contact.html to "8:00"'
DONE = VisibleChange(of=ChangeOf.TEXT, what="text", before="7:00", after="8:00", pages=("contact.html",), page_count=1)


def judge(
    after: dict[str, bytes], *changes: VisibleChange, message: str = MESSAGE, scope: Scope | None = None
) -> JudgedEdit:
    site = {**SITE, **after}
    seen = VisibleChanges(changes=changes, total=len(changes))
    return judge_edit(read_request(message, SITE, scope), SITE, site, compare(SITE, site), seen)


def statuses(found: JudgedEdit) -> dict[str, str]:
    return {check.name: check.status.value for check in found.checks}


def test_an_honest_edit() -> None:
    found = judge({"contact.html": CONTACT.replace(b"7:00", b"8:00")}, DONE)
    assert statuses(found) == {"scope": "passed"}
    assert [one.verdict for one in found.changes.changes] == [Verdict.ASKED]
    assert found.changes.scope == Scope(
        source=ScopeSource.WORDS, pages=("contact.html",), parts=("7:00",), kinds=found.changes.scope.kinds
    )
    assert not found.changes.unasked_files


def test_a_reformatter_is_blocked_and_named() -> None:
    found = judge({"contact.html": CONTACT.replace(b"7:00", b"8:00").replace(b"<p>", b"\n  <p>\n")}, DONE)
    assert (statuses(found)["unasked"], found.changes.unasked_files) == ("failed", ("contact.html",))


def test_the_wrong_page_is_blocked_and_the_one_that_was_asked_for_is_missed() -> None:
    wrong = VisibleChange(of=ChangeOf.ADDED, what="text", after="8:00", pages=("index.html",), page_count=1)
    found = judge({"index.html": SITE["index.html"] + b"<p>8:00</p>"}, wrong)
    assert statuses(found) == {"scope": "passed", "unasked": "failed", "asked": "failed"}
    assert found.changes.unasked_files == ("index.html",)


def test_bytes_that_nobody_sees_are_told_as_that() -> None:
    found = judge({"contact.html": CONTACT + b"<!-- done -->"})
    assert found.is_unseen
    assert statuses(found)["asked"] == "failed"
    assert not judge({"contact.html": CONTACT + b"<script>x()</script>"}).is_unseen
    assert not judge({"new.html": b"x"}).is_unseen


@pytest.mark.parametrize(
    "message", ["Add meta keywords to contact.html", "Add a comment in the source of contact.html"]
)
def test_a_request_for_what_nobody_sees_is_not_blamed(message: str) -> None:
    found = judge({"contact.html": CONTACT + b"<meta name=keywords content=bread>"}, message=message)
    assert "failed" not in statuses(found).values()


def test_an_owners_scope_is_preferred() -> None:
    scope = Scope(source=ScopeSource.OWNER, pages=("index.html",))
    found = judge({"contact.html": CONTACT.replace(b"7:00", b"8:00")}, DONE, scope=scope)
    assert statuses(found) == {"scope": "passed", "unasked": "failed", "asked": "failed"}
