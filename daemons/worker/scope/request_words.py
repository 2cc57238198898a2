"""Reads mechanically what a request's own words say: quoted texts, kinds of change, parts of pages; English and German.

A word that is not known here says nothing, so that the worst that other languages meet is a scope that is too wide.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from daemons.worker.scope import request_patterns as patterns
from daemons.worker.scope.words import digits, is_known, plain, words
from shared.domain.scope import Concern

_ATTACHED_NAMES = re.compile(r"\n\n\U0001F4CE [^\n]*\Z")
_QUOTES = re.compile(
    r'"([^"\n]+)"|“([^”“\n]+)[”“]|„([^“”„\n]+)[“”]|«([^«»\n]+)»|»([^«»\n]+)«'
    r"|(?<![^\s(:])'([^'\n]+(?:(?<=\w)'(?=\w)[^'\n]*)*)'(?!\w)|(?<![^\s(:])‘([^‘\n]+?)’(?!\w)"
)
# A quoted text after one of these is to be there afterwards.
_BEFORE_NEW = re.compile(
    r"(?:\b(?:to|with|by|into|as|says?|saying|called|named|titled|reads?|becomes?|be|zu|durch|mit|in|auf|als|namens"
    r"|heisst|heissen|lautet|lauten)|:|=>|->|→)\s*$"
)
# After one of these, too, unless the sentence is about a text that is there.
_BEFORE_ANY = re.compile(
    r"\b(?:add|insert|write|put|append|text|entry|item|notice|note|sentence|paragraph|section|page|schreibe?|erganze"
    r"|fuge|hinweis|eintrag|abschnitt|satz|seite)\s*$"
)
_ABOUT_OLD = re.compile(
    r"\b(?:replace|change|remove|delete|from|instead of|rename|take out|drop|typo|ersetze|ersetzen|andere|entferne"
    r"|losche|streiche|statt|von|aus|tippfehler)\b[^\"“„«»]{0,60}$"
)


@dataclass(frozen=True)
class RequestWords:
    """A request, read; `text` is the message as it was written."""

    text: str
    message: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", plain(_ATTACHED_NAMES.sub("", self.text)))

    @cached_property
    def quotes(self) -> tuple[tuple[str, bool], ...]:
        """The quoted texts, each with whether it is one that is there now."""
        found = []
        for match in _QUOTES.finditer(self.text):
            quoted = next(text for text in match.groups() if text)
            before = plain(self.text[max(0, match.start() - 80) : match.start()]) + " "
            is_new = _BEFORE_NEW.search(before) or (_BEFORE_ANY.search(before) and not _ABOUT_OLD.search(before))
            is_first_of_two = before.rstrip().endswith(":") and _QUOTES.search(self.text, match.end()) is not None
            found.append((" ".join(quoted.split()), not is_new or is_first_of_two))
        return tuple(found)

    @cached_property
    def unquoted(self) -> str:
        """The message without its quoted texts: words in these say nothing of what is to be done."""
        return plain(_QUOTES.sub(" “” ", _ATTACHED_NAMES.sub("", self.text)))

    @cached_property
    def words(self) -> frozenset[str]:
        """All its words that say something, those of quoted texts and attached files too."""
        return frozenset(words(self.text))

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Runs of digits with at most blanks and signs between, such as telephone numbers."""
        runs = (digits(run) for run in re.findall(r"\+?\d[\d\s()/-]*\d|\d", self.text))
        return tuple(run for run in runs if len(run) >= 3)

    @cached_property
    def kinds(self) -> tuple[Concern, ...]:
        """The kinds of change that its words name."""
        named = {
            Concern.TEXT: bool(self.quotes) or self._has(patterns.TEXT),
            Concern.PICTURE: self._has(patterns.PICTURE),
            Concern.LINK: self._has(patterns.LINK),
            Concern.STYLE: self._has(patterns.STYLE),
            Concern.PAGE: self._has(patterns.NEW_PAGE),
            Concern.FILE: self._has(patterns.FILE),
        }
        return tuple(kind for kind, is_named in named.items() if is_named)

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The parts that all pages of a site share and that it names: footer, header, navigation."""
        return tuple(place for place, pattern in patterns.PLACES.items() if self._has(pattern))

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles of blocks that it names."""
        return frozenset(role for roles, pattern in patterns.ROLES.items() if self._has(pattern) for role in roles)

    @cached_property
    def names_home(self) -> bool:
        """Whether it names the home page. A German “Homepage” is the whole site."""
        found = patterns.HOME.search(self.unquoted)
        return found is not None and not (found[0] == "homepage" and self._has(patterns.GERMAN))

    @property
    def is_readable(self) -> bool:
        """Whether it is in a language of which enough words are known."""
        return is_known(self.text)

    @property
    def is_specific(self) -> bool:
        """Whether it quotes a text or gives a number: what it wants has to be found in what was changed."""
        return bool(self.quotes or self.numbers)

    @property
    def is_everywhere(self) -> bool:
        return self._has(patterns.EVERYWHERE)

    @property
    def is_broad(self) -> bool:
        return self._has(patterns.BROAD)

    @property
    def asks_removal(self) -> bool:
        return self._has(patterns.REMOVAL)

    @property
    def asks_page(self) -> bool:
        return self._has(patterns.NEW_PAGE)

    @property
    def asks_unseen(self) -> bool:
        """Whether it may want what nobody sees on a page."""
        return self._has(patterns.UNSEEN) or self._has(patterns.SOURCE)

    @property
    def asks_source(self) -> bool:
        """Whether it is about how the source is written."""
        return self._has(patterns.SOURCE)

    def says(self, text: str) -> bool:
        """Whether the message has this name or phrase as words of its own."""
        wanted = plain(text)
        return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", self.message) is not None

    def _has(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search(self.unquoted) is not None
