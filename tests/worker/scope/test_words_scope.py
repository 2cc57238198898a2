"""What a request concerns by its own words: pages by all of their names, everywhere, parts and kinds."""

import pytest

from daemons.worker.scope.named_pages import NamedPage
from daemons.worker.scope.request_words import RequestWords
from daemons.worker.scope.words_scope import pages_named, scope_of_words
from shared.domain.scope import Concern, Scope, ScopeSource

PAGES = (
    NamedPage(
        "index.html", "Mill Bakery", "Bread worth getting up for", ("Home",), "monday 7:00 country sourdough 6.50"
    ),
    NamedPage("contact.html", "Contact | Mill Bakery", "Talk to us", ("Visit us", "Kontakt"), "monday 7:00 to 14:00"),
    NamedPage("about.html", "About us | Mill Bakery", "Two bakers, one oven", ("Über uns",), "jane doe bakes"),
    NamedPage("opening-hours.html", "Opening hours", "When we are open", (), "tuesday 8:00"),
    NamedPage("blog/rye.html", "Rye", "", (), "rye country sourdough"),
    NamedPage("files/menu.pdf"),
)


def scope(message: str) -> Scope:
    return scope_of_words(RequestWords(message), PAGES)


@pytest.mark.parametrize(
    ("message", "pages"),
    [
        ("Change the hours on contact.html", ("contact.html",)),
        ("Change the hours on the contact page", ("contact.html",)),
        ("Ändere die Zeiten auf der Kontaktseite", ("contact.html",)),
        ("Ändere die Zeiten auf der Seite „Kontakt“", ("contact.html",)),
        ("Ändere etwas auf der Seite Ueber uns", ("about.html",)),
        ("Put a phone number on “Visit us”", ("contact.html",)),
        ("Add a line on the page “Talk to us”", ("contact.html",)),
        ("Make the home page friendlier", ("index.html",)),
        ("Mach die Startseite freundlicher", ("index.html",)),
        ("Fix the typo on blog/rye.html", ("blog/rye.html",)),
        ("Move the map from contact.html to the about page", ("contact.html", "about.html")),
        ("Replace menu.pdf by the attached file", ("files/menu.pdf",)),
        ('Replace "Jane Doe" with "Ann Doe"', ("about.html",)),
        ('Change the price of "Country sourdough" to 6.90', ("index.html", "blog/rye.html")),
        ("Link the contact page from the home page", ("index.html",)),
        ("Make the about page look like the contact page", ("about.html",)),
        ('Add a page "Opening times" with the text "9 to 5"', ("opening-times.html",)),
    ],
)
def test_pages_that_the_words_name(message: str, pages: tuple[str, ...]) -> None:
    found = scope(message)
    assert (found.pages, found.everywhere, found.source) == (pages, False, ScopeSource.WORDS)


@pytest.mark.parametrize(
    "message",
    [
        "Change the phone number everywhere",
        "Change the phone number on all pages",
        "Ändere die Telefonnummer überall",
        "Ändere die Nummer auf allen Seiten",
        "Change our hours across the site to 8",
        "Make the background light blue",
        "Ändere die Schriftart",
        "Set the year in the footer to 2027",
    ],
)
def test_everywhere(message: str) -> None:
    found = scope(message)
    assert (found.everywhere, found.pages, found.source) == (True, (), ScopeSource.WORDS)


@pytest.mark.parametrize(
    "message",
    [
        "Make the headline shorter",
        "Our contact phone number is 555 0199 now",
        "Change the opening hours to 8 to 16",
        "Tell more about us",
        'Change the headline to "Contact"',
        "Rends le titre plus court",
        "",
    ],
)
def test_words_that_name_no_page(message: str) -> None:
    assert scope(message).source is ScopeSource.NOTHING


def test_kinds_and_parts() -> None:
    found = scope('Replace "Jane Doe" in the footer of about.html with "Ann"')
    assert (found.parts, found.kinds) == (("footer", "Jane Doe"), (Concern.TEXT,))


def test_a_style_of_one_page_is_of_that_page() -> None:
    assert scope("Make the background of the contact page blue").pages == ("contact.html",)


def test_a_title_with_signs_of_patterns_is_a_name_like_others() -> None:
    pages = (NamedPage("c.html", "C++ (advanced) [new]"),)
    assert pages_named(RequestWords("Change the page C++ (advanced) [new]"), pages) == ("c.html",)


def test_many_pages_that_hold_a_quoted_text_are_every_page() -> None:
    pages = tuple(NamedPage(f"{n}.html", text="call 555") for n in range(501))
    assert scope_of_words(RequestWords('Replace "call 555" with "call 556"'), pages).everywhere
