"""Where things are in an HTML text: a tolerant tree whose elements know their offsets, so that edits stay local."""

import html
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]
Edit = tuple[int, int, str]

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_BLOCKS = frozenset(
    "article aside div dl footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul".split()
)
_CLOSED_BY = {
    "p": _BLOCKS,
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "tr": {"tr"},
    "td": {"td", "th", "tr"},
}
_ATTRIBUTE = re.compile(r"""([^\s=>"'/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?""")


@dataclass(eq=False)
class Element:
    """One element: `start` to `end` with its tags, `inner_start` to `inner_end` without them."""

    tag: str
    attributes: dict[str, str]
    start: int
    inner_start: int
    parent: "Element | None"
    inner_end: int = -1
    end: int = -1
    children: list["Element"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        """All elements inside, in the order of the text."""
        waiting = self.children[::-1]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += element.children[::-1]

    def find(self, *tags: str) -> list["Element"]:
        """The elements inside with one of these tags."""
        return [element for element in self.walk() if element.tag in tags]

    def inside(self, *tags: str) -> bool:
        """Whether an ancestor has one of these tags."""
        ancestor = self.parent
        while ancestor is not None and ancestor.tag not in tags:
            ancestor = ancestor.parent
        return ancestor is not None

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


class Document(HTMLParser):
    """An HTML text with its tree (`root`) and the runs of visible text (`runs`, as offsets)."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.text = text
        self.root = Element("", {}, 0, 0, None, len(text), len(text))
        self.runs: list[tuple[int, int]] = []
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._open = self.root
        self._run_start = -1
        self.feed(text)
        self.close()
        self._end_run(len(text))
        self._close_to(self.root, len(text), len(text))

    def find(self, *tags: str) -> list[Element]:
        """The elements with one of these tags."""
        return self.root.find(*tags)

    def source(self, element: Element) -> str:
        """The element with its tags, as it is written."""
        return self.text[element.start : element.end]

    def words(self, element: Element) -> str:
        """The element's visible text, blanks collapsed."""
        return " ".join(html.unescape("".join(self.text[a:b] for a, b in self.runs_in(element))).split())

    def runs_in(self, element: Element) -> list[tuple[int, int]]:
        """The runs of text inside an element."""
        first = bisect_left(self.runs, (element.inner_start, 0))
        return self.runs[first : bisect_left(self.runs, (element.inner_end, 0))]

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        start = self._offset()
        self._end_run(start)
        while tag in _CLOSED_BY.get(self._open.tag, ()):
            self._close_to(self._open.parent or self.root, start, start)
        inner = start + len(self.get_starttag_text() or "")
        element = Element(tag, {name: value or "" for name, value in attrs}, start, inner, self._open)
        self._open.children.append(element)
        if tag in _VOID:
            element.inner_end = element.end = inner
        else:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID and self.in_foreign():
            self._close_to(self._open.parent or self.root, self._open.inner_start, self._open.inner_start)

    def in_foreign(self) -> bool:
        """Whether the open element belongs to SVG or MathML, where `<path/>` closes itself."""
        return self._open.tag in ("svg", "math") or self._open.inside("svg", "math")

    def handle_endtag(self, tag: str) -> None:
        start = self._offset()
        self._end_run(start)
        element: Element | None = self._open
        while element is not None and element.tag != tag:
            element = element.parent
        if element is not None and element.parent is not None:
            end = self.text.find(">", start) + 1 or len(self.text)
            self._close_to(element, start, start)
            element.inner_end, element.end, self._open = start, end, element.parent

    def _close_to(self, element: Element, inner_end: int, end: int) -> None:
        """Close what is open inside `element`."""
        while self._open is not element:
            self._open.inner_end, self._open.end = inner_end, end
            self._open = self._open.parent or self.root

    def handle_data(self, data: str) -> None:
        if self._run_start < 0 and self._open.tag not in ("script", "style"):
            self._run_start = self._offset()

    def handle_entityref(self, name: str) -> None:
        self.handle_data(name)

    def handle_charref(self, name: str) -> None:
        self.handle_data(name)

    def handle_comment(self, data: str) -> None:
        self._end_run(self._offset())

    def handle_decl(self, decl: str) -> None:
        self.handle_comment(decl)

    def handle_pi(self, data: str) -> None:
        self.handle_comment(data)

    def unknown_decl(self, data: str) -> None:
        self.handle_comment(data)

    def _end_run(self, end: int) -> None:
        if self._run_start >= 0:
            self.runs.append((self._run_start, end))
            self._run_start = -1


def attribute_span(document: Document, element: Element, name: str) -> tuple[int, int] | None:
    """Where an attribute's value is written, quotes included."""
    tag_end = element.start + 1 + len(element.tag)
    for match in _ATTRIBUTE.finditer(document.text, tag_end, element.inner_start):
        if match[1].lower() == name and match[2]:
            return match.span(2)
    return None


def set_attribute(document: Document, element: Element, name: str, value: str) -> Edit:
    """The edit that gives the element this attribute."""
    span = attribute_span(document, element, name)
    quoted = f'"{html.escape(value)}"'
    if span:
        return (*span, quoted)
    place = element.start + 1 + len(element.tag)
    return (place, place, f" {name}={quoted}")


def drop_attribute(document: Document, element: Element, name: str) -> list[Edit]:
    """The edit that takes an attribute away, if it is there."""
    tag_end = element.start + 1 + len(element.tag)
    for match in _ATTRIBUTE.finditer(document.text, tag_end, element.inner_start):
        if match[1].lower() == name:
            return [(len(document.text[: match.start()].rstrip()), match.end(), "")]
    return []


def splice(text: str, edits: list[Edit]) -> str:
    """The text with all edits made, in the line ends of the text; edits must not overlap."""
    crlf = text.count("\r\n")
    newline = "\r\n" if crlf > text.count("\n") - crlf else "\n"
    pieces, cursor = [], 0
    for start, end, new in sorted(edits):
        pieces += [text[cursor:start], re.sub("\r?\n", newline, new)]
        cursor = end
    return "".join([*pieces, text[cursor:]])


def escape(text: str) -> str:
    """A person's words as HTML text."""
    return html.escape(text, quote=False)
