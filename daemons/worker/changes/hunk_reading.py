"""Says how surely a difference in a file makes a visible change: by its words, its addresses or its style."""

import html
import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import IntEnum
from functools import cached_property, lru_cache
from urllib.parse import unquote, urljoin

from daemons.worker.changes.hunks import FilePart
from shared.domain.visible_changes import MOST_CHANGES, ChangeOf, VisibleChange

_MOST_COMPARED = 1_000_000
_WORD = re.compile(r"\w+")
_MARKUP = re.compile(r"<[^<>]*>?|^[^<>]*>")
_ADDRESS = re.compile(
    r"""(?:href|src|poster|data|action)\s*=\s*["']?([^"'\s>]+)|url\(\s*["']?([^"')]+)""", re.IGNORECASE
)
_DECLARATION = re.compile(r"""(?<![\w-])([a-z-]+)\s*[:=]\s*["']?([^;{}"'<>]+)""", re.IGNORECASE)
_HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-f])", re.IGNORECASE)
_RGB = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)", re.IGNORECASE)
_PROPERTIES = {
    ChangeOf.BACKGROUND: ("background", "bgcolor"),
    ChangeOf.COLOUR: ("color",),
    ChangeOf.FONT: ("font", "font-family", "face"),
    ChangeOf.SIZE: ("font", "font-size", "size"),
    ChangeOf.WEIGHT: ("font", "font-weight"),
}
STYLES = frozenset(_PROPERTIES)
_WEIGHTS = {"bold": "700", "normal": "400"}
# What a style sheet calls colours that agents name; others are written in digits.
_NAMED = {
    "black": "000000", "white": "ffffff", "red": "ff0000", "green": "008000", "blue": "0000ff", "yellow": "ffff00",
    "orange": "ffa500", "purple": "800080", "pink": "ffc0cb", "brown": "a52a2a", "gray": "808080", "grey": "808080",
    "lime": "00ff00", "navy": "000080", "teal": "008080", "maroon": "800000", "olive": "808000", "silver": "c0c0c0",
    "gold": "ffd700", "beige": "f5f5dc", "lightgreen": "90ee90", "lightblue": "add8e6", "lightyellow": "ffffe0",
    "lightgray": "d3d3d3", "lightgrey": "d3d3d3", "darkgreen": "006400", "darkblue": "00008b", "darkred": "8b0000",
    "crimson": "dc143c", "tomato": "ff6347", "salmon": "fa8072", "turquoise": "40e0d0", "skyblue": "87ceeb",
    "steelblue": "4682b4", "tan": "d2b48c", "ivory": "fffff0", "lavender": "e6e6fa", "magenta": "ff00ff",
    "cyan": "00ffff",
}  # fmt: skip


class Sureness(IntEnum):
    """How surely a difference in a file makes a change."""

    NONE = 0
    WEAK = 1
    STRONG = 2


@dataclass(frozen=True)
class ReadHunk:
    """A difference in the file `path`, as words, addresses and declarations of its old and new form."""

    path: str
    piece: FilePart = field(repr=False)

    @cached_property
    def words(self) -> "WordChange":
        """The words that differ, with those of its markup."""
        return word_change(_text(self.piece.old), _text(self.piece.new))

    @cached_property
    def shown_words(self) -> "WordChange":
        """The words that differ and stand between tags."""
        return word_change(_MARKUP.sub(" ", _text(self.piece.old)), _MARKUP.sub(" ", _text(self.piece.new)))

    @cached_property
    def addresses(self) -> tuple[frozenset[str], frozenset[str]]:
        """The addresses that are gone, and those that are new, as the site has them."""
        old, new = (_addresses(self.path, _text(form)) for form in (self.piece.old, self.piece.new))
        return old - new, new - old

    @cached_property
    def styles(self) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
        """The declarations that are gone, and those that are new."""
        old, new = (frozenset(_declarations(_text(form))) for form in (self.piece.old, self.piece.new))
        return old - new, new - old


@dataclass(frozen=True)
class WordChange:
    """The words that are gone and those that are new, each as often as it is."""

    gone: Counter[str]
    new: Counter[str]

    def __bool__(self) -> bool:
        return bool(self.gone or self.new)

    def __le__(self, other: "WordChange") -> bool:
        return self.gone <= other.gone and self.new <= other.new


def word_change(old: str, new: str) -> WordChange:
    """What differs between two texts, word by word and in order."""
    before, after = _words(old), _words(new)
    if len(before) * len(after) > _MOST_COMPARED:
        return WordChange(Counter(before) - Counter(after), Counter(after) - Counter(before))
    gone: Counter[str] = Counter()
    come: Counter[str] = Counter()
    for step, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step != "equal":
            gone.update(before[a:b])
            come.update(after[c:d])
    return WordChange(gone, come)


def how_sure(hunk: ReadHunk, change: VisibleChange) -> Sureness:
    """How surely this difference makes the change."""
    if change.of in STYLES:
        return _of_style(hunk, change)
    if change.of is ChangeOf.MOVED:
        return _of_move(hunk, change)
    if change.of in (ChangeOf.TARGET, ChangeOf.PICTURE):
        return _of_address(hunk, change)
    told = _told_words(change.before, change.after)
    if not told:
        return Sureness.NONE
    if told <= hunk.words:
        return Sureness.STRONG
    shown = hunk.shown_words
    return Sureness.WEAK if shown and shown <= told else Sureness.NONE


@lru_cache(MOST_CHANGES)
def _told_words(before: str, after: str) -> WordChange:
    return word_change(before, after)


def _of_move(hunk: ReadHunk, change: VisibleChange) -> Sureness:
    named = Counter(_words(change.named))
    moved = named and (named <= hunk.words.gone or named <= hunk.words.new)
    return Sureness.STRONG if moved else Sureness.NONE


def _of_address(hunk: ReadHunk, change: VisibleChange) -> Sureness:
    gone, come = hunk.addresses
    before, after = unquote(change.before), unquote(change.after)
    if before == after:
        return Sureness.NONE
    return Sureness.STRONG if (before in gone) + (after in come) else Sureness.NONE


def _of_style(hunk: ReadHunk, change: VisibleChange) -> Sureness:
    """Strong if a declaration has the value, weak if it is of the property; a variable may be of any property."""
    found, properties = Sureness.NONE, _PROPERTIES[change.of]
    for declared, value in zip(hunk.styles, (change.before, change.after), strict=True):
        for name, written in declared:
            fits = name in properties or (name.startswith("background") and "background" in properties)
            if not fits and not name.startswith("--"):
                continue
            if value and _is_value(written, value):
                return Sureness.STRONG
            found = Sureness.WEAK if fits else found
    return found


def _is_value(written: str, computed: str) -> bool:
    """Whether a declaration's value gives the one that the browser computed, as far as it can be told."""
    if colours := _colours(computed):
        return bool(colours & _colours(written))
    words = written.replace('"', "").casefold().split()
    return computed.casefold() in written.casefold() or any(_WEIGHTS.get(word) == computed for word in words)


def _colours(text: str) -> frozenset[tuple[int, ...]]:
    found = [tuple(map(int, groups)) for groups in _RGB.findall(text)]
    digits = [one if len(one) == 6 else "".join(2 * digit for digit in one) for one in _HEX.findall(text)]
    digits += [_NAMED[word] for word in re.findall(r"(?<![#\w-])[a-z]+", text.casefold()) if word in _NAMED]
    return frozenset([*found, *(tuple(bytes.fromhex(one)) for one in digits)])


def _text(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return html.unescape(text)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _addresses(path: str, text: str) -> frozenset[str]:
    found = (one or other for one, other in _ADDRESS.findall(text))
    return frozenset(unquote(_joined(f"/{path}", address)) for address in found)


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # such as `http://[`
        return address


def _declarations(text: str) -> list[tuple[str, str]]:
    return [(name.casefold(), value.strip()) for name, value in _DECLARATION.findall(text)]
