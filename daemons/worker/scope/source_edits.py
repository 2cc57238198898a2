"""Tells how a source file was edited: its hunks, and how much was only written otherwise, which nobody sees; pure."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from daemons.worker.scope.named_pages import read_text
from shared.domain.file_kinds import FileKind, file_kind

# Two lists of pieces are compared piece by piece if their lengths multiplied are not more than this.
_MOST_WORK = 4_000_000
_PIECES = re.compile(r"<!--.*?-->|<[^>]*>|[^<]+", re.DOTALL)
_RULES = re.compile(r"/\*.*?\*/|[{};]|[^{};/]+|/", re.DOTALL)
_LINES = re.compile(r"[^\n]*\n?")
_TAG = re.compile(r"</?\s*([\w:-]+)")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?""")
# Of a tag, the words that a person may know.
_KNOWN_VALUES = frozenset("href src alt title content value placeholder srcset id action label aria-label".split())
# Elements that are never closed, and those that many authors leave open.
_OFTEN_OPEN = frozenset("area base br col embed hr img input link meta source track wbr p li dt dd td th tr".split())
_STYLING = frozenset({"style", "class"})


@dataclass(frozen=True)
class Piece:
    """A tag, a text between tags, a rule or a line: as it is meant, and as it is written."""

    meant: str
    written: str


@dataclass(frozen=True)
class Hunk:
    """Pieces that stand together and were replaced by others."""

    removed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def text(self) -> str:
        """What a person may know of it: texts, addresses and descriptions."""
        return " ".join(map(_known, (*self.removed, *self.added)))

    @property
    def is_whole(self) -> bool:
        """Whether whole elements were taken out, and not whatever stood between two places."""
        tags = Counter(name for piece in self.removed if (name := _counted(piece)))
        return all(tags[f"/{name}"] == count for name, count in tags.items() if not name.startswith("/")) and all(
            tags[name.removeprefix("/")] for name in tags
        )

    @property
    def styles(self) -> bool:
        """Whether it may change the style of what is there already."""
        return any(re.match(r"<style|<link|[^<]*[{]", piece) for piece in self.added + self.removed) or (
            _styling(self.removed) != _styling(self.added) and bool(_styling(self.removed))
        )


@dataclass(frozen=True)
class SourceEdit:
    """How one file was edited. `rewritten` counts pieces far from any hunk that are only written otherwise."""

    path: str
    hunks: tuple[Hunk, ...]
    rewritten: int


def source_edit(path: str, before: bytes, after: bytes) -> SourceEdit:
    """The edit of a text file that both versions have."""
    old, new = _pieces(path, read_text(path, before)), _pieces(path, read_text(path, after))
    start = _same(old, new)
    end = _same(old[start:][::-1], new[start:][::-1])
    inner_old, inner_new = old[start : len(old) - end], new[start : len(new) - end]
    hunks: list[Hunk] = []
    pairs = [*zip(old[:start], new[:start], strict=True)]
    for op, a, b, c, d in _opcodes(inner_old, inner_new):
        if op == "equal":
            pairs += [*zip(inner_old[a:b], inner_new[c:d], strict=True)][1:-1]
        else:
            hunks.append(Hunk(tuple(one.meant for one in inner_old[a:b]), tuple(one.meant for one in inner_new[c:d])))
    if end:
        pairs += [*zip(old[-end:], new[-end:], strict=True)][1:]
    return SourceEdit(path, tuple(hunks), sum(one.written != other.written for one, other in pairs))


def _opcodes(old: Sequence[Piece], new: Sequence[Piece]) -> Sequence[tuple[str, int, int, int, int]]:
    if len(old) * len(new) > _MOST_WORK:
        return [("replace", 0, len(old), 0, len(new))]
    meant = [one.meant for one in old], [one.meant for one in new]
    return SequenceMatcher(None, *meant, autojunk=False).get_opcodes()


def _same(old: Sequence[Piece], new: Sequence[Piece]) -> int:
    """How many pieces at the start mean the same."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (a, b) in pairs if a.meant != b.meant), min(len(old), len(new)))


def _pieces(path: str, text: str) -> list[Piece]:
    """The pieces that mean something, each written with the blanks and comments before it."""
    kind = file_kind(path)
    pattern = {FileKind.PAGE: _PIECES, FileKind.STYLE: _RULES}.get(kind, _LINES)
    pieces, before = [], ""
    for written in pattern.findall(text):
        meant = _meaning(written, kind)
        if meant:
            pieces.append(Piece(meant, before + written))
        before = "" if meant else before + written
    return pieces


def _meaning(written: str, kind: FileKind) -> str:
    if kind is FileKind.PAGE and written.startswith("<"):
        return "" if written.startswith("<!--") else _tag(written)
    text = " ".join(written.split())
    if kind is FileKind.STYLE:
        return "" if text.startswith(("/*", ";")) else re.sub(r"\s*([:,>])\s*", r"\1", text)
    return html.unescape(text) if kind is FileKind.PAGE else text


def _tag(written: str) -> str:
    """A tag with its attributes in one order and one way of quoting."""
    name = _TAG.match(written)
    if not name:
        return " ".join(written.split()).lower()
    pairs = _ATTRIBUTE.findall(written[name.end() :].rstrip("/>"))
    attributes = sorted(f'{key.lower()}="{_value(value)}"' for key, value in pairs)
    return " ".join([("</" if written.startswith("</") else "<") + name[1].lower(), *attributes]) + ">"


def _value(quoted: str) -> str:
    bare = quoted[1:-1] if quoted[:1] in "\"'" and quoted else quoted
    return html.unescape(" ".join(bare.split()))


def _counted(piece: str) -> str:
    """The name of a tag that has to be closed, or of one that closes."""
    found = re.match(r"<(/?[\w:-]+)", piece)
    return found[1] if found and found[1].lstrip("/") not in _OFTEN_OPEN else ""


def _known(piece: str) -> str:
    if not piece.startswith("<"):
        return piece
    return " ".join(_value(value) for key, value in _ATTRIBUTE.findall(piece) if key.lower() in _KNOWN_VALUES)


def _styling(pieces: Sequence[str]) -> list[str]:
    return sorted(_styles_in(pieces))


def _styles_in(pieces: Sequence[str]) -> Iterator[str]:
    for piece in pieces:
        if piece.startswith("<"):
            yield from (value for key, value in _ATTRIBUTE.findall(piece) if key in _STYLING)
