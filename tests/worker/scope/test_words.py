"""Texts as words: case, accents, endings and empty words make no difference."""

import pytest

from daemons.worker.scope.words import digits, is_known, plain, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Öffnungszeiten", "oeffnungszeiten"),
        ("Café", "CAFE"),
        ("prices", "price"),
        ("08:00", "8:0"),
        ("Straße", "strasse"),
    ],
)
def test_writings_of_one_word_are_equal(one: str, other: str) -> None:
    assert words(one) == words(other) != []


def test_words_that_say_nothing_are_left_out() -> None:
    assert words("Change the headline of the page to the new one, please") == ["headli", "one"]
    assert words("a b 7") == ["7"]


def test_plain_texts_and_digits() -> None:
    assert plain("  Über\n UNS ") == "uber uns"
    assert digits("tel:+49 30-555") == "4930555"


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("Send me an e-mail whenever somebody visits the site.", True),
        ("Bitte schick mir eine Mail, wenn die Seite besucht wird", True),
        ("Rends le titre plus court s'il vous plaît", False),
        ("ホームページを明るくして", False),
        ("", False),
    ],
)
def test_english_and_german_are_known(text: str, known: bool) -> None:
    assert is_known(text) is known
