"""Files whose change nobody asked for: rewritten ones, and those outside of the scope."""

import pytest

from daemons.worker.scope.edit_facts import Edit
from daemons.worker.scope.judgement import judged
from daemons.worker.scope.request_words import RequestWords
from daemons.worker.scope.source_edits import SourceEdit, source_edit
from daemons.worker.scope.unasked_files import is_rewritten, is_seen_by_nobody, unasked_files
from shared.domain.scope import Scope, ScopeSource
from shared.domain.visible_changes import ChangeOf, VisibleChange

HOURS = 'Change the hours on contact.html from "7:00" to "8:00"'
CONTACT = Scope(source=ScopeSource.WORDS, pages=("contact.html",))
PAGE = b"<h1>a</h1><p>b</p><p>c</p><p>7:00</p>"
REWRITTEN = source_edit("contact.html", PAGE, PAGE.replace(b">", b">\n").replace(b"7:00", b"8:00"))
ASKED = VisibleChange(of=ChangeOf.TEXT, before="7:00", after="8:00", pages=("contact.html",), page_count=1)


def files(
    message: str, *edits: SourceEdit, scope: Scope = CONTACT, changes: tuple[VisibleChange, ...] = (ASKED,)
) -> tuple[str, ...]:
    edit = Edit(RequestWords(message), scope, frozenset(), changes, edits)
    return unasked_files(edit, judged(edit))


def test_a_page_that_was_asked_for_and_rewritten() -> None:
    assert is_rewritten(REWRITTEN)
    assert files(HOURS, REWRITTEN) == ("contact.html",)
    assert files(f"{HOURS} and indent the source", REWRITTEN) == ()


def test_a_honest_edit_lists_no_file() -> None:
    assert files(HOURS, source_edit("contact.html", PAGE, PAGE.replace(b"7:00", b"8:00"))) == ()


@pytest.mark.parametrize(("after", "nobody"), [(b"<!-- x -->" + PAGE, True), (PAGE.replace(b"a", b"b"), False)])
def test_what_nobody_sees(after: bytes, nobody: bool) -> None:
    assert is_seen_by_nobody(source_edit("a.html", PAGE, after)) is nobody


def test_another_page_counts_if_its_change_shows_or_not_unless_the_words_explain_it() -> None:
    hidden = source_edit("about.html", PAGE, PAGE + b"<script>track()</script>")
    assert files(HOURS, hidden) == ("about.html",)
    assert files(HOURS, source_edit("about.html", PAGE, PAGE.replace(b"7:00", b"8:00"))) == ()
    shown = VisibleChange(of=ChangeOf.TEXT, before="a", after="z", pages=("about.html",), page_count=1)
    assert files(HOURS, source_edit("about.html", PAGE, PAGE.replace(b"a", b"z")), changes=(ASKED, shown)) == (
        "about.html",
    )
    assert files("Do something", hidden, scope=Scope()) == ()


def test_style_sheets_and_scripts() -> None:
    sheet = source_edit("style.css", b"h1{color:red}", b"h1{color:blue}")
    new = VisibleChange(of=ChangeOf.ADDED, after="8:00", pages=("contact.html",), page_count=1)
    assert files(HOURS, sheet) == ("style.css",)
    assert files(HOURS, sheet, changes=(new,)) == (), "a new part may need a rule"
    assert files("Make the headline of contact.html larger", sheet) == ()
