"""Parts two forms of a file into what is the same and what differs, so that single differences can be taken back.

It works on bytes: whatever a file's encoding and line ends are, what comes out has no byte that neither form has.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from shared.domain.file_kinds import FileKind, file_kind

# Comparing grows with the product of both sides; beyond this the rest counts as one difference.
_MOST_COMPARED = 9_000_000
_MOST_ALIGNED = 10_000
_LEAST_LIKENESS = 0.3
_WORD = re.compile(rb"[^\W_]+")
_PAGE_TOKEN = re.compile(rb"<[^<>]*>|[^\s<]+|\s+|<")
_STYLE_TOKEN = re.compile(rb"[^;{}]*[;{}]|[^;{}]+")
_TAG = re.compile(rb"<(/?)([A-Za-z][\w:-]*)([^<>]*)>")
_BRACES = re.compile(rb"[{}]")
# Their end tags may be left out, or they have none.
_LOOSE = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd tr td th option tbody".split()
)


@dataclass(frozen=True)
class FilePart:
    """A part of a file in its `old` and its `new` form; the same bytes in both, or a difference."""

    old: bytes
    new: bytes

    @property
    def differs(self) -> bool:
        return self.old != self.new


def by_lines(old: bytes, new: bytes) -> list[FilePart]:
    """Both forms of a file, by lines."""
    return _pieces(old.splitlines(keepends=True), new.splitlines(keepends=True))


def by_tokens(piece: FilePart, path: str) -> list[FilePart]:
    """A difference in finer parts: tags and words, or the declarations of a style sheet."""
    split = (_STYLE_TOKEN if file_kind(path) is FileKind.STYLE else _PAGE_TOKEN).findall
    return _pieces(split(piece.old), split(piece.new))


def _pieces(old: Sequence[bytes], new: Sequence[bytes]) -> list[FilePart]:
    start = _same(old, new)
    end = _same(old[start:][::-1], new[start:][::-1])
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    middle = [FilePart(b"".join(before), b"".join(after))]
    if len(before) * len(after) <= _MOST_COMPARED:
        steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        middle = [piece for _, a, b, c, d in steps for piece in _aligned(before[a:b], after[c:d])]
    first, last = b"".join(old[:start]), b"".join(old[len(old) - end :])
    return [FilePart(first, first), *middle, FilePart(last, last)]


def _aligned(old: Sequence[bytes], new: Sequence[bytes]) -> list[FilePart]:
    """A difference of several parts, as one difference for each two that are alike and one for what lies between.

    The likeness of all pairs together is the greatest that their order allows.
    """
    if old == new or len(old) + len(new) <= 2 or len(old) * len(new) > _MOST_ALIGNED:
        return [FilePart(b"".join(old), b"".join(new))]
    words = [[Counter(_WORD.findall(part)) for part in side] for side in (old, new)]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[_likeness(one, other) for other in words[1]] for one in words[0]]
    for a in reversed(range(len(old))):
        for b in reversed(range(len(new))):
            best[a][b] = max(best[a + 1][b], best[a][b + 1], best[a + 1][b + 1] + alike[a][b])
    pieces, a, b, from_a, from_b = list[FilePart](), 0, 0, 0, 0
    while a < len(old) and b < len(new):
        if alike[a][b] and best[a][b] == best[a + 1][b + 1] + alike[a][b]:
            between = FilePart(b"".join(old[from_a:a]), b"".join(new[from_b:b]))
            pieces += [between, FilePart(old[a], new[b])]
            a, b = a + 1, b + 1
            from_a, from_b = a, b
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return [*pieces, FilePart(b"".join(old[from_a:]), b"".join(new[from_b:]))]


def _likeness(one: Counter[bytes], other: Counter[bytes]) -> float:
    """From 0 to 1: how many words two parts share; little likeness is none."""
    shared, both = (one & other).total(), one.total() + other.total()
    return 2 * shared / both if both and 2 * shared / both > _LEAST_LIKENESS else 0.0


def _same(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    """How many parts at the start are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def take_back(pieces: Iterable[FilePart], is_taken: Callable[[FilePart], bool]) -> bytes:
    """The file with the differences that are taken in their old form, and everything else in its new one."""
    return b"".join(piece.old if piece.differs and is_taken(piece) else piece.new for piece in pieces)


def is_closed(pieces: Iterable[FilePart], path: str) -> bool:
    """Whether taking these differences back leaves as many elements and rules open as there were."""
    count = _open_rules if file_kind(path) is FileKind.STYLE else _open_elements
    left: Counter[bytes] = Counter()
    for piece in pieces:
        left.update(count(piece.new))
        left.subtract(count(piece.old))
    return not any(left.values())


def _open_rules(text: bytes) -> Counter[bytes]:
    braces = Counter(_BRACES.findall(text))
    return Counter({b"{": braces[b"{"] - braces[b"}"]})


def _open_elements(text: bytes) -> Counter[bytes]:
    left: Counter[bytes] = Counter()
    for slash, name, rest in _TAG.findall(text):
        if name.lower() not in _LOOSE and not rest.endswith(b"/"):
            left[name.lower()] += -1 if slash else 1
    return left
