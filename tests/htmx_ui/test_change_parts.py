"""What a record tells in words is shown with its page, and a person's own words stay as they are."""

from htmx_ui.change_parts import ToldChange, by_page, told_changes
from htmx_ui.wording import words_of
from shared.domain.manifest import Check, CheckStatus


def _check(*findings: str) -> Check:
    return Check(name="changes", status=CheckStatus.PASSED, findings=findings)


def test_a_change_is_told_apart_from_its_page() -> None:
    told = told_changes(
        [
            _check(
                "menu/card.html: Text: “a: b” → “c”",
                "40 pages: Background: cream → white",
                "New page: Menu",
                "and 7 more",
            )
        ]
    )
    assert told.named == (
        ToldChange("Text: “a: b” → “c”", page="menu/card.html"),
        ToldChange("Background: cream → white", pages=40, colours=("#fff8e1", "#ffffff")),
        ToldChange("New page: Menu"),
    )
    assert told.others == 7


def test_a_page_s_own_words_are_no_page() -> None:
    (change,) = told_changes([_check("Moved: “a.b: c”, from the footer to the header")]).named
    assert (change.page, change.pages) == ("", 0)


def test_a_record_of_an_older_release_tells_nothing() -> None:
    assert not told_changes([]).named


def test_quoted_words_of_a_page_are_not_translated() -> None:
    german = words_of("de")
    assert german.told("Text in the footer: “white” → “Stopped”") == "Text im Fuß der Seite: „white“ → „Stopped“"
    assert german.told("Background: cream → light green") == "Hintergrund: creme → hellgrün"
    told = german.told("New: Heading in the footer: “Link: “Text”” and 3 more")
    assert told == "Neu: Zwischenüberschrift im Fuß der Seite: „Link: “Text”“ und 3 weitere"
    assert german.told("Picture: none → us.jpg") == "Bild: keine → us.jpg"


def test_changes_of_a_page_stand_together_and_the_rest_is_folded() -> None:
    lines = [f"{page}.html: Headline: “{number}” → “b”" for number in range(3) for page in "ab"]
    told = told_changes([_check(*lines, "New page: Menu", "New page: Team")])
    assert [(one.page, len(one.changes)) for one in by_page(told.named)] == [
        ("a.html", 3),
        ("b.html", 3),
        ("", 1),
        ("", 1),
    ]
    assert [(one.page, len(one.changes)) for one in told.shown(3)] == [("a.html", 1), ("b.html", 1), ("", 1)]
    assert [(one.page, len(one.changes)) for one in told.folded(3)] == [("a.html", 2), ("b.html", 2), ("", 1)]
    assert (told.shown(8), told.folded(8)) == (by_page(told.named), ())


def test_what_nobody_asked_for_stands_apart_and_once() -> None:
    both = ("a.html: Headline: “a” → “b”", "a.html: Background: cream → white")
    apart = Check(name="unasked", status=CheckStatus.FAILED, findings=(*both[1:], "b.css: changed", "and 7 more"))
    told = told_changes([_check(*both, "and 9 more"), apart])
    assert [one.text for one in told.named] == ["Headline: “a” → “b”"]
    assert [one.text for one in told.unasked] == ["Background: cream → white", "changed"]
    assert (told.doubtful, told.other_unasked, told.others) == ((), 7, 2)
    told = told_changes([_check(*both), apart.model_copy(update={"status": CheckStatus.WARNING})])
    assert (told.unasked, len(told.doubtful)) == ((), 2)
