"""Writes any text in the letters of ASCII; pure. The only user of anyascii, but for the step that made the column."""

import unicodedata

from anyascii import anyascii

# German has letters of its own for what anyascii only strips of its dots.
_SPELLED_WITH_E = {umlaut: plain_letter + "e" for umlaut, plain_letter in zip("äöüÄÖÜ", "aouAOU", strict=True)}
_GERMAN = str.maketrans(_SPELLED_WITH_E | {"ß": "ss", "ẞ": "SS"})


def plain(text: str) -> str:
    """The text without capitals and accents, by which it is searched: `Bäckerei` is found as `backerei`."""
    return anyascii(unicodedata.normalize("NFC", text)).lower()


def title_columns(title: str) -> dict[str, str]:
    """A site's title as its row has it: as it is, and as it is searched."""
    return {"title": title, "plain_title": plain(title)}


def spelled_out(text: str) -> str:
    """The text in small letters as an address spells it: `Bäckerei` is `baeckerei`."""
    return plain(unicodedata.normalize("NFC", text).translate(_GERMAN))
