"""Shortens two texts to where they differ, with a few words around, so that a changed word in a long text is seen."""

import re
from collections.abc import Sequence

from shared.domain.visible_changes import LONGEST_WORDS

_SHORT = 80  # texts of this length are shown whole
_AROUND = 3  # words that are kept on either side of a difference
_WORD = re.compile(r"\S+\s*")


def excerpts(old: str, new: str) -> tuple[str, str]:
    """Both texts as a change shows them; an ellipsis stands for what is left out."""
    if max(len(old), len(new)) <= _SHORT:
        return old, new
    before, after = _WORD.findall(old), _WORD.findall(new)
    start = _same(before, after)
    end = _same(before[start:][::-1], after[start:][::-1])
    return _cut(before, start, end), _cut(after, start, end)


def shortened(text: str) -> str:
    """A text as long as a change can hold."""
    return text if len(text) <= LONGEST_WORDS else f"{text[: LONGEST_WORDS - 1]}…"


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words at the start are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a.strip() != b.strip()), min(len(one), len(other)))


def _cut(words: Sequence[str], start: int, end: int) -> str:
    first, last = max(0, start - _AROUND), min(len(words), len(words) - end + _AROUND)
    shown = "".join(words[first:last]).strip()
    return shortened(f"{'… ' if first else ''}{shown}{' …' if last < len(words) else ''}")
