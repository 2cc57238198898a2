"""The words that requests are recognised by begin where a word begins, and stand in both languages."""

import re

import pytest

from daemons.worker.scope import request_patterns
from daemons.worker.scope.words import plain


@pytest.mark.parametrize(
    ("pattern", "found", "others"),
    [
        (
            "EVERYWHERE",
            ["on all pages", "überall", "auf allen Seiten", "the whole site", "on each page", "aller Seiten"],
            ["page"],
        ),
        ("HOME", ["the home page", "Startseite", "front page"], ["the homepage's neighbour page is pagehome"[20:]]),
        ("STYLE", ["the background", "Hintergrundfarbe", "a larger font", "Schrift"], ["Überschrift", "foreground"]),
        ("REMOVAL", ["remove it", "delete", "Lösche das", "streiche", "take it down"], ["cutting", "predelete"]),
        ("SOURCE", ["indent it", "the html code"], ["information", "contact.html", "postal code"]),
        ("BROAD", ["rewrite it", "make it nicer", "kürzer", "überarbeite"], ["Turkey", "border"]),
    ],
)
def test_what_is_recognised(pattern: str, found: list[str], others: list[str]) -> None:
    compiled: re.Pattern[str] = getattr(request_patterns, pattern)
    assert [text for text in found if not compiled.search(plain(text))] == []
    assert [text for text in others if compiled.search(plain(text))] == []
