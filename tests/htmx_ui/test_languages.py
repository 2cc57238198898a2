"""The browser's wish is read as it is meant, whatever it says; and each text of the pages has its words in German."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from htmx_ui import languages
from htmx_ui.languages import LANGUAGES, chosen_language, texts_of

ROOT = Path(__file__).parents[2]
GERMAN = ROOT / "htmx_ui/locale/de/LC_MESSAGES/messages.po"


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("DE-de", "de"),
        ("en-US,de;q=0.5", "en"),
        ("fr,de;q=0.3", "de"),
        ("fr,de;q=0", "en"),
        ("*", "en"),
        (",,;q=9,de;q=x", "en"),
        ("a" * 100_000, "en"),
        ("fr," * 100_000 + "de", "en"),
    ],
)
def test_the_browser_chooses_the_language(wanted: str, language: str) -> None:
    assert chosen_language(wanted) == language


def test_numbers_and_lengths_of_time_are_those_of_the_language() -> None:
    english, german = map(texts_of, LANGUAGES)
    assert [texts.number(1210) for texts in (english, german)] == ["1,210", "1.210"]
    assert [texts.length(5, "minute", ago=True) for texts in (english, german)] == ["5 minutes ago", "vor 5 Minuten"]
    assert [texts.length(14, "day") for texts in (english, german)] == ["14 days", "14 Tage"]
    assert english.ngettext("%(num)s file", "%(num)s files", 1210) == "1,210 files"


def test_every_text_has_its_words_in_german_and_none_is_left_over() -> None:
    """`make texts` gathers what is new; its words are for a person to write."""
    translated = _catalog(GERMAN)
    assert {message.id for message in translated if message.id} == set(_texts_of_the_pages()) - {""}
    for message in translated:
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        assert not message.id or (all(words) and not message.fuzzy), message.id
        assert not message.check(translated), f"other placeholders than {message.id}"


def _texts_of_the_pages() -> set[str | tuple[str, ...]]:
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {mapping["pattern"]: {"trimmed": mapping.get("trimmed", "")} for mapping in mappings}
    keywords = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "NN_": (1, 2)}
    found = extract_from_dir(ROOT / "htmx_ui", methods, options, keywords)
    return {text for _, _, text, _, _ in found}


def _catalog(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale=file.parts[-3])


def test_what_was_said_once_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list says dozens of moments and lengths, the same ones on every page."""
    made: list[str] = []
    for name in ("format_date", "format_timedelta", "format_decimal"):
        make = getattr(languages, name)
        monkeypatch.setattr(languages, name, lambda *a, name=name, make=make, **o: made.append(name) or make(*a, **o))
    for language in LANGUAGES:
        texts, at = texts_of(language), datetime(1999, 3, 4, 5, 6, tzinfo=UTC)
        for _ in range(3):
            said = (texts.moment(at), texts.length(77_000, "second", ago=True), texts.number(77_123))
            assert ("1999" in said[0], "77" in said[1], "123" in said[2]) == (True, True, True)
    assert sorted(made) == sorted(["format_date", "format_timedelta", "format_decimal"] * len(LANGUAGES))
