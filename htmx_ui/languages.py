"""The languages that pages speak: which one a browser asks for, and the texts of each. The only user of Babel."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal

from babel.dates import format_date, format_time, format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

Unit = Literal["year", "month", "day", "hour", "minute", "second"]
# The first is that of the texts in the code, and of whoever asks for none of them.
LANGUAGES = ("en", "de")
_LOCALES = {"en": "en_GB", "de": "de"}
_LOCALE = Path(__file__).parent / "locale"
_WANTED = re.compile(r"\s*([a-zA-Z]{1,8})(?:-[a-zA-Z0-9]{1,8})*\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?")
_MOST_WANTED = 20


def chosen_language(accept_language: str) -> str:
    """The language of ours that a browser's `Accept-Language` likes best."""
    wishes = [_WANTED.fullmatch(part) for part in accept_language.split(",")[:_MOST_WANTED]]
    ranked = sorted(((float(wish[2] or 1), wish[1].lower()) for wish in wishes if wish), key=lambda wish: -wish[0])
    return next((language for liking, language in ranked if liking > 0 and language in LANGUAGES), LANGUAGES[0])


@dataclass(frozen=True)
class Texts:
    """The texts, numbers and lengths of time of one language."""

    language: str
    catalog: NullTranslations

    def gettext(self, text: str) -> str:
        """The text in this language; in English if it has none."""
        return self.catalog.gettext(text) if text else ""

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The text for this number of things, with the number in it where it says `%(num)s`."""
        return self.catalog.ngettext(one, many, number).replace("%(num)s", self.number(number))

    def number(self, value: float) -> str:
        """A number as people write it: `1,210` or `1.210`."""
        return _number(value, _LOCALES[self.language])

    def moment(self, at: datetime) -> str:
        """A moment in full: `23 November 2026, 15:00 UTC`."""
        return _moment(at.astimezone(UTC), _LOCALES[self.language])

    def day(self, at: datetime) -> str:
        """A day: `23 November 2026`."""
        return format_date(at.astimezone(UTC), "long", locale=_LOCALES[self.language])

    def length(self, number: int, unit: Unit, *, ago: bool = False) -> str:
        """A length of time: `5 minutes`; `ago` says that it has passed since."""
        return _length(number, unit, ago, _LOCALES[self.language])


# A list says dozens of moments and lengths of time, and Babel takes a tenth of a millisecond for each.
@lru_cache(4096)
def _moment(at: datetime, locale: str) -> str:
    return f"{format_date(at, 'long', locale=locale)}, {format_time(at, 'HH:mm', tzinfo=UTC, locale=locale)} UTC"


@lru_cache(1024)
def _length(number: int, unit: Unit, ago: bool, locale: str) -> str:
    delta = timedelta(seconds=number * _SECONDS[unit]) * (-1 if ago else 1)
    whole = float("inf")  # never a larger unit than asked for
    return format_timedelta(delta, unit, threshold=whole, add_direction=ago, locale=locale)


@lru_cache(1024)
def _number(value: float, locale: str) -> str:
    return format_decimal(value, locale=locale)


@cache
def texts_of(language: str) -> Texts:
    """The texts of one of LANGUAGES, read once."""
    catalog = _read(language, "messages")
    if catalog is None:
        return Texts(language, NullTranslations())
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Texts(language, GNUTranslations(compiled))


def sentences_of(language: str) -> dict[str, str]:
    """The sentences of the api and of other daemons that have words of their own in one of LANGUAGES."""
    return {str(message.id): str(message.string) for message in _read(language, "sentences") or () if message.id}


def _read(language: str, domain: str) -> Catalog | None:
    file = _LOCALE / language / "LC_MESSAGES" / f"{domain}.po"
    if not file.is_file():
        return None
    with file.open("rb") as source:
        return read_po(source, locale=language)


_SECONDS: dict[Unit, int] = {
    "year": 86400 * 365, "month": 86400 * 30, "day": 86400, "hour": 3600, "minute": 60, "second": 1,
}  # fmt: skip
