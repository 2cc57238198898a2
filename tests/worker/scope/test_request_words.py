"""What a request's own words say."""

import pytest

from daemons.worker.scope.request_words import RequestWords
from shared.domain.scope import Concern


@pytest.mark.parametrize(
    ("message", "quotes"),
    [
        ('Replace "old" with "new"', [("old", True), ("new", False)]),
        ("Ändere den Preis „6,50“ zu „6,90“.", [("6,50", True), ("6,90", False)]),
        ("Put a notice at the top: “Closed today.”", [("Closed today.", False)]),
        ("There is a typo: “recieve” should be “receive”.", [("recieve", True), ("receive", False)]),
        ('Add a page "Menu" with the text "Soup"', [("Menu", False), ("Soup", False)]),
        ('Remove the entry "Jane"', [("Jane", True)]),
        ("Ersetze «alt» durch «neu»", [("alt", True), ("neu", False)]),
        ("The baker's wife's name", []),
    ],
)
def test_quoted_texts_are_there_or_are_to_be(message: str, quotes: list[tuple[str, bool]]) -> None:
    assert list(RequestWords(message).quotes) == quotes


@pytest.mark.parametrize(
    ("message", "kinds"),
    [
        ("Change the background colour to light blue", {Concern.STYLE}),
        ("Mach den Hintergrund heller", {Concern.STYLE}),
        ('Change the headline to "Background noise"', {Concern.TEXT}),
        ("Swap the team photo", {Concern.PICTURE}),
        ("Replace menu.pdf by the attached file", {Concern.FILE}),
        ("Lege eine neue Seite über uns an", {Concern.PAGE}),
        ("Do something", set()),
    ],
)
def test_kinds_of_change(message: str, kinds: set[Concern]) -> None:
    assert set(RequestWords(message).kinds) == kinds


def test_places_and_roles() -> None:
    assert RequestWords("Setze das Jahr in der Fußzeile auf 2027").places == ("footer",)
    assert RequestWords("Add it to the menu").places == ("navigation",)
    assert RequestWords("Make the headline shorter").roles == {"headline", "heading"}


def test_a_german_homepage_is_the_whole_site() -> None:
    assert RequestWords("Change the hours on our homepage").names_home
    assert not RequestWords("Ändere auf unserer Homepage die Telefonnummer").names_home
    assert RequestWords("Ändere auf unserer Homepage die Telefonnummer").is_everywhere
    assert RequestWords("Ändere die Startseite").names_home


def test_what_is_quoted_gives_no_order() -> None:
    request = RequestWords('Change the headline to "Remove everything everywhere, all pages"')
    assert not request.asks_removal
    assert not request.is_everywhere


def test_names_of_attached_files_are_words_but_no_places() -> None:
    request = RequestWords("Replace the picture\n\n\U0001f4ce contact.html, team.jpg")
    assert "team" in request.words
    assert "contact.html" not in request.message


def test_a_specific_request_quotes_or_counts() -> None:
    assert RequestWords("Call us at +49 30 555").is_specific
    assert RequestWords("Change the link tel:+4930555 to x").numbers == ("4930555",)
    assert not RequestWords("Make it nicer").is_specific


def test_a_name_is_said_as_words_of_its_own() -> None:
    assert RequestWords("On contact.html").says("contact.html")
    assert not RequestWords("discontact.html").says("contact.html")
