"""What a record tells in words is shown with its page, and a person's own words stay as they are."""

from htmx_ui.change_parts import ToldChange, told_changes
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
        ToldChange("Background: cream → white", pages=40),
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
