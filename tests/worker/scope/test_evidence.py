"""How much of a change the words of a request explain."""

import pytest

from daemons.worker.scope.evidence import Explained, RequestEvidence, said
from daemons.worker.scope.request_words import RequestWords
from daemons.worker.scope.source_edits import SourceEdit, source_edit
from shared.domain.visible_changes import ChangeOf, VisibleChange


def weigh(message: str, *edits: SourceEdit, of: ChangeOf = ChangeOf.TEXT, **change: object) -> Explained:
    evidence = RequestEvidence.of(RequestWords(message), (), edits)
    return evidence.weigh(VisibleChange(of=of, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "before", "after", "weight"),
    [
        ('Replace "7:00" with "8:00"', "7:00 to 14:00", "8:00 to 14:00", Explained.MUCH),
        ("The price of rye is 6.90 now", "Rye 6.50", "Rye 6.90", Explained.MUCH),
        (
            "Say that we bake with Austrian flour only",
            "We bake",
            "We bake with flour from the Austrian mill",
            Explained.MUCH,
        ),
        ("Mention flour", "We bake", "We bake with the finest organic flour of all", Explained.SOME),
        ('Replace "7:00" with "8:00"', "Fresh bread", "Fresh bread, better than ever", Explained.NONE),
        ("Make the headline shorter", "A long one", "One", Explained.NAMED),
        ('Make a copy of "Visit us"', "Visit us", "Visit us (new)", Explained.NONE),
    ],
)
def test_words_of_a_change(message: str, before: str, after: str, weight: Explained) -> None:
    assert weigh(message, before=before, after=after, what="headline") == weight


def test_telephone_numbers_are_found_in_addresses() -> None:
    message = "Change 555 0100 to 555 0199"
    assert (
        weigh(message, of=ChangeOf.TARGET, before="tel:+15550100", after="tel:+15550199", what="link") == Explained.MUCH
    )


def test_what_comes_in_one_piece_with_the_words_is_explained() -> None:
    edit = source_edit("a.html", b"<p>x</p>", b"<p>x</p><div><h2>Team</h2><p>We are three.</p></div>")
    change = {"of": ChangeOf.ADDED, "what": "text", "after": "We are three."}
    assert weigh("Write a few words on our team", edit, **change) == Explained.SOME  # type: ignore[arg-type]
    assert weigh("Write a few words on our oven", edit, **change) == Explained.NONE  # type: ignore[arg-type]


def test_a_loss_is_explained_by_a_removal_of_whole_elements_alone() -> None:
    before = b"<ul><li>Ann <img alt=portrait></li></ul><main><p>Rest</p></main><p>End</p>"
    whole = source_edit("a.html", before, before.replace(b"<li>Ann <img alt=portrait></li>", b""))
    cut = source_edit("a.html", before, b"<ul><p>End</p>")
    loss = {"of": ChangeOf.REMOVED, "what": "picture", "before": "portrait"}
    assert weigh("Remove Ann", whole, **loss) == Explained.SOME  # type: ignore[arg-type]
    assert weigh("Remove Ann", cut, **loss) == Explained.NONE  # type: ignore[arg-type]
    assert weigh("Ann is our baker", whole, **loss) == Explained.NONE  # type: ignore[arg-type]


def test_a_section_or_place_that_is_named() -> None:
    assert weigh("Update the opening hours", before="7", after="8", where="Opening hours") == Explained.NAMED
    assert weigh("Update the footer", before="7", after="8", where="footer") == Explained.NAMED
    assert weigh("Update the footer", before="7", after="8", where="header") == Explained.NONE


def test_a_text_is_said_or_not() -> None:
    assert said(RequestWords("Mention Jane"), "jane bakes")
    assert not said(RequestWords("Mention Jane"), "bob bakes")
