"""What the practice model says a request concerns: the pages of its instructions, nothing where it does not know."""

import pytest

from daemons.model.practice.scope_answer import scope_answer
from shared.domain.model_questions import AskedPage, ScopeQuestion

PAGES = (AskedPage(path="index.html", title="Bakery"), AskedPage(path="about.html", title="Who <we> are"))


@pytest.mark.parametrize(
    ("message", "pages", "kinds"),
    [
        ('Change the headline to "Hello"', ("index.html",), ("text",)),
        ('Change the headline of the about page to "Hello"', ("about.html",), ("text",)),
        ('Change the headline of the page "Who <we> are" to "Hello"', ("about.html",), ("text",)),
        ('Replace "a" with "b" on about.html. Change the headline to "c"', ("about.html", "index.html"), ("text",)),
        ('Change the link "Shop" on about.html to "https://a.example"', ("about.html",), ("link",)),
        ('Add a page "Opening hours" with the text "9 to 5"', ("opening-hours.html",), ("page",)),
        ("Remove the page about.html", ("about.html",), ("page",)),
        ("Put the picture on about.html", ("about.html",), ("file",)),
        # It does not know where, or not what.
        ('Replace "a" with "b"', (), ()),
        ('Replace "a" with "b". Change the headline to "c"', (), ()),
        ("Replace menu.pdf by the attached file", (), ()),
        ('Change the headline of the shop page to "Hello"', (), ()),
        ('Change the headline to "c". Sing.', (), ()),
        ("Sing!", (), ()),
    ],
)
def test_which_pages_and_kinds(message: str, pages: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    answer = scope_answer(ScopeQuestion(message=message, pages=PAGES))
    assert (answer.everywhere, answer.pages, answer.parts) == (False, pages, ())
    assert tuple(answer.kinds) == kinds


def test_a_colour_is_everywhere() -> None:
    answer = scope_answer(ScopeQuestion(message="Change the background colour to light blue", pages=PAGES))
    assert (answer.everywhere, answer.pages, [*answer.kinds]) == (True, (), ["style"])


def test_without_pages_it_knows_none() -> None:
    assert scope_answer(ScopeQuestion(message='Change the headline to "Hello"')).pages == ()
