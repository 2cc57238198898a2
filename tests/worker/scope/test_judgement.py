"""The verdicts: what was asked, what follows, what nobody asked for, and what is doubtful."""

import pytest

from daemons.worker.scope.edit_facts import Edit
from daemons.worker.scope.judgement import judged, pages_missed
from daemons.worker.scope.request_words import RequestWords
from daemons.worker.scope.source_edits import SourceEdit, source_edit
from shared.domain.scope import Scope, ScopeSource
from shared.domain.visible_changes import ChangeOf, Region, VisibleChange

HOURS = 'Change the hours on contact.html from "7:00" to "8:00"'
CONTACT = Scope(source=ScopeSource.WORDS, pages=("contact.html",))
EVERYWHERE = Scope(source=ScopeSource.WORDS, everywhere=True)
CSS = source_edit("style.css", b"h1{color:red}", b"h1{color:blue}")


def change(of: ChangeOf, *pages: str, **more: object) -> VisibleChange:
    values = {"pages": pages, "page_count": len(pages)} | more
    return VisibleChange(of=of, **values)  # type: ignore[arg-type]


def text(before: str, after: str, *pages: str, what: str = "text", where: str = "") -> VisibleChange:
    return change(ChangeOf.TEXT, *pages, before=before, after=after, what=what, where=where)


def edit(message: str, scope: Scope, *changes: VisibleChange, edits: tuple[SourceEdit, ...] = ()) -> Edit:
    named = frozenset(page for page in scope.pages if page in message)
    return Edit(RequestWords(message), scope, named, changes, edits)


def verdicts(of: Edit) -> list[tuple[str, str]]:
    return [(str(one.verdict), ",".join(one.pages)) for one in judged(of)]


ASKED = text("7:00 to 14:00", "8:00 to 14:00", "contact.html", what="item")


def test_what_was_asked_is_asked() -> None:
    assert verdicts(edit(HOURS, CONTACT, ASKED)) == [("asked", "contact.html")]


def test_another_text_of_the_page_is_doubtful_and_one_of_another_page_is_unasked() -> None:
    found = verdicts(
        edit(HOURS, CONTACT, ASKED, text("Hi", "Hi, dear", "contact.html"), text("Bread", "Better bread", "index.html"))
    )
    assert found == [("unasked", "index.html"), ("doubtful", "contact.html"), ("asked", "contact.html")]


def test_lost_parts_are_unasked() -> None:
    lost = change(ChangeOf.REMOVED, "contact.html", what="heading", before="How to get here", parts=4)
    assert ("unasked", "contact.html") in verdicts(edit(HOURS, CONTACT, ASKED, lost))
    assert ("unasked", "contact.html") in verdicts(edit('Remove "7:00" from contact.html', CONTACT, ASKED, lost))


def test_a_part_that_was_to_go_is_asked() -> None:
    lost = change(ChangeOf.REMOVED, "contact.html", what="item", before="Jane Doe", parts=2)
    assert verdicts(edit("Remove Jane Doe from contact.html", CONTACT, lost)) == [("asked", "contact.html")]


def test_a_text_that_is_written_anew_is_no_loss() -> None:
    gone = change(ChangeOf.REMOVED, "contact.html", what="text", before="An old paragraph")
    new = change(ChangeOf.ADDED, "contact.html", what="text", after="Open from 8:00 all year")
    assert "unasked" not in dict(verdicts(edit(HOURS, CONTACT, gone, new)))


def test_the_wrong_page() -> None:
    wrong = text("", "8:00", "about.html")
    of = edit(HOURS, CONTACT, wrong)
    assert verdicts(of) == [("unasked", "about.html")]
    assert pages_missed(of, ["about.html"]) == ("contact.html",)
    assert pages_missed(of, ["contact.html"]) == ()


def test_a_rule_that_hits_other_pages_is_unasked_there() -> None:
    leak = change(ChangeOf.COLOUR, "about.html", "contact.html", "index.html", before="red", after="blue")
    message = "Make the text colour of contact.html blue"
    found = verdicts(edit(message, CONTACT, leak, edits=(CSS,)))
    assert found == [("unasked", "about.html,index.html"), ("asked", "contact.html")]


def test_a_style_that_nobody_named_is_unasked() -> None:
    leak = change(ChangeOf.COLOUR, "about.html", "contact.html", before="red", after="blue")
    message = 'Change "7:00" to "8:00" on all pages'
    assert verdicts(edit(message, EVERYWHERE, ASKED, leak, edits=(CSS,)))[0] == ("unasked", "about.html,contact.html")
    assert verdicts(edit(message, EVERYWHERE, ASKED, leak)) == [
        ("asked", "contact.html"),
        ("follows", "about.html,contact.html"),
    ], "stripes of a table follow from its rows"


def test_a_style_for_all_is_asked_and_texts_beside_it_are_unasked() -> None:
    colour = change(ChangeOf.BACKGROUND, "a.html", "b.html", before="white", after="blue")
    found = verdicts(edit("Make the background blue", EVERYWHERE, colour, text("Hi", "Ho", "a.html"), edits=(CSS,)))
    assert found == [("unasked", "a.html"), ("asked", "a.html,b.html")]


def test_links_to_a_new_page_follow() -> None:
    page = change(ChangeOf.PAGE_ADDED, "menu.html", named="Menu")
    link = change(ChangeOf.ADDED, "a.html", "b.html", what="link", where="navigation", after="Menu")
    scope = Scope(source=ScopeSource.WORDS, pages=("menu.html",))
    assert verdicts(edit('Add a page "Dishes"', scope, page, link)) == [
        ("asked", "menu.html"),
        ("follows", "a.html,b.html"),
    ]


@pytest.mark.parametrize(
    ("message", "verdict"),
    [
        ("Add a page about our team", "asked"),
        ("Remove the about page", "asked"),
        (HOURS, "unasked"),
        ("Shorten it", "doubtful"),
    ],
)
def test_pages_that_came_or_went(message: str, verdict: str) -> None:
    of = ChangeOf.PAGE_ADDED if "Add" in message else ChangeOf.PAGE_REMOVED
    assert verdicts(edit(message, Scope(), change(of, "about.html", named="About")))[0][0] == verdict


def test_where_nothing_is_named_the_pages_that_changed_most_are_meant() -> None:
    many = [text(f"old {n}", f"new {n}", page) for page in ("a.html", "b.html") for n in range(3)]
    found = verdicts(
        edit("Mention that dogs may come in", Scope(), *many, text("x", "dogs", "a.html"), text("u", "v", "c.html"))
    )
    assert found[-1] == ("asked", "a.html")
    assert ("doubtful", "c.html") in found
    assert "unasked" not in dict(found)


def test_vague_requests_may_change_texts() -> None:
    found = verdicts(edit("Make it nicer", Scope(), text("a", "b", "a.html"), text("c", "d", "a.html")))
    assert {verdict for verdict, _ in found} == {"asked"}
    assert verdicts(edit("Rends-le plus joli", Scope(), text("a", "b", "a.html")))[0][0] == "asked", "unknown words"


def test_what_does_something_else_than_it_was_told_is_doubtful() -> None:
    found = verdicts(edit('Add the notice "Closed today"', Scope(), text("Bread", "Bread (new)", "index.html")))
    assert found == [("doubtful", "index.html")]


def test_the_title_follows_and_a_picture_used_twice_does() -> None:
    title = change(ChangeOf.TITLE, "contact.html", before="Talk", after="Come")
    assert verdicts(edit(HOURS, CONTACT, ASKED, title))[1] == ("follows", "contact.html")
    picture = change(ChangeOf.PICTURE, "contact.html", "index.html", what="picture", before="/a.jpg", after="/a.jpg")
    found = verdicts(edit("Replace the picture a.jpg on contact.html", CONTACT, picture))
    assert found == [("asked", "contact.html"), ("follows", "index.html")]


@pytest.mark.parametrize(
    ("of", "message", "verdict"),
    [
        (ChangeOf.FILE_CHANGED, "Replace menu.pdf by the attached file", "asked"),
        (ChangeOf.FILE_CHANGED, HOURS, "unasked"),
        (ChangeOf.FILE_REMOVED, HOURS, "unasked"),
        (ChangeOf.FILE_ADDED, HOURS, "follows"),
    ],
)
def test_other_files(of: ChangeOf, message: str, verdict: str) -> None:
    assert verdicts(edit(message, CONTACT, change(of, what="document", named="files/menu.pdf"))) == [(verdict, "")]


def test_a_change_that_is_split_keeps_its_places() -> None:
    regions = (Region(page="about.html", viewport="phone"), Region(page="contact.html", viewport="phone"))
    leak = change(ChangeOf.COLOUR, "about.html", "contact.html", before="red", after="blue", regions=regions)
    out, within = judged(edit("Make contact.html blue in colour", CONTACT, leak, edits=(CSS,)))
    assert [one.regions[0].page for one in (out, within)] == ["about.html", "contact.html"]


def test_pages_that_are_only_counted_are_outside() -> None:
    pages = tuple(f"{n}.html" for n in range(19))
    leak = change(ChangeOf.COLOUR, "contact.html", *pages, before="red", after="blue", page_count=400)
    out, within = judged(edit("Make contact.html blue in colour", CONTACT, leak, edits=(CSS,)))
    assert (out.page_count, within.page_count) == (399, 1)


def test_an_owner_who_said_what_is_meant_is_obeyed() -> None:
    scope = Scope(source=ScopeSource.OWNER, pages=("contact.html",))
    assert verdicts(edit('Change "7:00" to "8:00"', scope, ASKED, text("7:00", "8:00", "index.html")))[0] == (
        "unasked",
        "index.html",
    )
