"""Sentences of the api and of other daemons in an owner's words and language: patterns are matched with what was said.

On the wire and in records they stay the English sentences that they were; what no pattern knows is shown as it is.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from htmx_ui.languages import LANGUAGES, Texts, sentences_of, texts_of

_FIELD = re.compile(r" \(`[a-z_]+`\)")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z“])")
# What stands at these places is a person's own words, which have no words of ours in them.
_OWN_WORDS = frozenset({"old", "new", "named"})
# Other values may be sentences themselves: `already in version 3: …`.
_DEEPEST = 4
_KEPT = 4096


@dataclass(frozen=True)
class Pattern:
    """A sentence with named places: `literals` stand before, between and behind the `names`."""

    literals: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Pattern":
        """The pattern that a text such as `{page} leads nowhere` writes."""
        parts = _PLACEHOLDER.split(text)
        return cls(tuple(parts[::2]), tuple(parts[1::2]))

    @property
    def weight(self) -> int:
        """How much of a sentence it fixes: of two patterns that match, the one that fixes more is meant."""
        return sum(map(len, self.literals))

    def values(self, sentence: str) -> dict[str, str] | None:
        """What stands at its places, none of them empty; None if the sentence is another one.

        Each literal is taken where it comes first, so that the time grows with the length of the sentence alone.
        """
        first, *rest = self.literals
        if not sentence.startswith(first) or not sentence.endswith(self.literals[-1]):
            return None
        if not rest:
            return {} if sentence == first else None
        at, values, end = len(first), [], len(sentence) - len(rest[-1])
        for literal in rest[:-1]:
            found = sentence.find(literal, at + 1, end)
            if found < 0:
                return None
            values.append(sentence[at:found])
            at = found + len(literal)
        return dict(zip(self.names, (*values, sentence[at:end]), strict=True)) if at < end else None


class Sentences:
    """The known sentences of one language."""

    def __init__(self, known: Mapping[str, str], texts: Texts) -> None:
        self._exact = {text: words for text, words in known.items() if not _PLACEHOLDER.search(text)}
        patterns = [(Pattern.of(text), words) for text, words in known.items() if text not in self._exact]
        self._patterns = sorted(patterns, key=lambda pair: -pair[0].weight)
        self._texts = texts
        # Asked again and again: a page shows the same sentences as the page before.
        self.told: Callable[[str], str] = lru_cache(_KEPT)(self._tell)

    @classmethod
    def of(cls, language: str) -> "Sentences":
        """The sentences of one of LANGUAGES; each that is known stays, in a language that has no other words for it."""
        known = {text: text for other in LANGUAGES for text in sentences_of(other)}
        return cls(known | sentences_of(language), texts_of(language))

    def _tell(self, text: str) -> str:
        return "\n".join(self._line(line) for line in without_fields(text).split("\n"))

    def _line(self, line: str, depth: int = 0) -> str:
        known = self._known(line, depth)
        if known is not None:
            return known
        parts = _BETWEEN_SENTENCES.split(line)
        return line if len(parts) == 1 else " ".join(self._known(part, depth) or part for part in parts)

    def _known(self, line: str, depth: int) -> str | None:
        if line in self._exact:
            return self._exact[line]
        if _GROUPED.fullmatch(line):
            return self._texts.number(int(line.replace(",", "")))
        for pattern, words in self._patterns:
            if (values := pattern.values(line)) is not None:
                told = {name: self._value(name, value, depth) for name, value in values.items()}
                return words.format_map(told)
        return None

    def _value(self, name: str, value: str, depth: int) -> str:
        return value if name in _OWN_WORDS or depth >= _DEEPEST else self._line(value, depth + 1)


def without_fields(sentence: str) -> str:
    """A sentence of the API without the field that it names in brackets: a page has a button for it."""
    return _FIELD.sub("", sentence)
