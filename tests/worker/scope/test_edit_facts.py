"""What the changes of an edit tell together."""

from daemons.worker.scope.edit_facts import Edit
from daemons.worker.scope.request_words import RequestWords
from daemons.worker.scope.source_edits import source_edit
from shared.domain.scope import Scope, ScopeSource
from shared.domain.visible_changes import ChangeOf, VisibleChange

SHEET = source_edit("style.css", b"h1{}", b"h1{color:red}")
CLASSES = source_edit("a.html", b"<p class=a>x</p>", b"<p class=b>x</p>")


def text(before: str, after: str, *pages: str, of: ChangeOf = ChangeOf.TEXT) -> VisibleChange:
    return VisibleChange(of=of, before=before, after=after, pages=pages, page_count=len(pages))


def edit(message: str, *changes: VisibleChange, scope: Scope | None = None, **more: object) -> Edit:
    return Edit(RequestWords(message), scope or Scope(), frozenset(), changes, **more)  # type: ignore[arg-type]


def test_which_pages_are_concerned() -> None:
    changes = (text("a", "b", "a.html"), text("c", "d", "a.html", "b.html"), text("e", "f", "b.html", "c.html"))
    assert edit("x", *changes).concerned == {"a.html", "b.html"}
    assert edit("x", *changes, scope=Scope(source=ScopeSource.WORDS, pages=("z.html",))).concerned == {"z.html"}
    assert edit("x", *changes, scope=Scope(source=ScopeSource.WORDS, everywhere=True)).concerned is None
    assert edit("x").concerned is None


def test_whether_it_is_explained_or_beside_the_point() -> None:
    done = edit('Change "a" to "b"', text("a", "b", "a.html"))
    assert (done.is_explained, done.is_beside_the_point) == (True, False)
    liar = edit('Change "a" to "b"', text("Bread", "Bread (new)", "a.html"))
    assert (liar.is_explained, liar.is_beside_the_point) == (False, True)
    vague = edit("Make it nicer", text("Bread", "Fresh bread", "a.html"))
    assert (vague.is_explained, vague.is_beside_the_point) == (False, False)


def test_whether_the_source_changed_styles() -> None:
    assert edit("x", edits=(SHEET,)).styles_files
    assert edit("x", edits=(CLASSES,)).styles_files
    assert not edit("x", edits=(source_edit("a.html", b"<p>x</p>", b"<p>y</p>"),)).styles_files


def test_a_request_for_a_style_that_was_done() -> None:
    colour = text("red", "blue", "a.html", of=ChangeOf.COLOUR)
    assert edit("Make the background blue", colour).is_of_style
    assert not edit("Make the background blue").is_of_style
    assert not edit('Make the headline "Hi" blue in colour', colour).is_of_style


def test_pages_that_came_and_parts_that_were_replaced() -> None:
    assert edit("x", text("", "", "a.html", of=ChangeOf.PAGE_ADDED)).moves_pages
    gone, new = text("Old", "", "a.html", of=ChangeOf.REMOVED), text("", "Soup", "a.html", of=ChangeOf.ADDED)
    assert edit("Offer soup", gone, new).is_replaced
    assert not edit("Offer tea", gone, new).is_replaced
