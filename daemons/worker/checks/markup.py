"""Finds what a browser silently mends in a page's source: elements left open, stray ends, ids that stand twice.

It runs inside the sandbox. Only what is surely wrong is told: ends that HTML allows to leave out are no fault.
"""

from html.parser import HTMLParser

from daemons.worker.checks.cutting import clean
from daemons.worker.checks.observation_limits import LONGEST_NAME, MOST_MARKUP_FAULTS

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_MAY_STAY_OPEN = frozenset(
    "html head body p li dt dd option optgroup tr td th thead tbody tfoot colgroup caption rp rt".split()
)
# What ends a paragraph that is open.
_BLOCKS = frozenset(
    "address article aside blockquote details dialog div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6"
    " header hgroup hr main menu nav ol p pre search section table ul".split()
)
_NOT_IN_ITSELF = frozenset(("a", "button", "form"))
# A paragraph beyond one of these is not ended.
_SCOPES = frozenset(("button", "caption", "td", "th", "object", "template", "table"))
_FOREIGN = frozenset(("svg", "math"))
# Tags within these are text.
_TEXT_ONLY = frozenset("textarea title iframe noembed noframes xmp".split())
_LARGEST = 512 << 10
_DEEPEST = 128


class _Finished(Exception):
    """Enough was found, or the page nests too deeply to be judged."""


def markup_faults(source: str) -> list[dict[str, object]]:
    """MarkupFaults as JSON, by kind and name once; of a very large page only its beginning."""
    reader = _MarkupReader()
    try:
        reader.feed(source[:_LARGEST])
        if len(source) <= _LARGEST:
            reader.close()
            reader.end()
    except (_Finished, AssertionError):
        pass
    return list(reader.faults.values())


class _MarkupReader(HTMLParser):
    """Keeps the open elements as a browser does where HTML leaves no choice."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: dict[tuple[str, str], dict[str, object]] = {}
        self._open: list[tuple[str, int]] = []
        self._ids: set[str] = set()
        self._text_of = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._text_of:
            return
        self._note_id(dict(attrs).get("id"))
        if self._is_foreign():
            return self._push(tag)
        self._text_of = tag if tag in _TEXT_ONLY else ""
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag in _NOT_IN_ITSELF and any(name == tag for name, _ in self._open):
            self._tell("nested", tag)
        if tag not in _VOID:
            self._push(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if (self._is_foreign() or tag in _VOID or tag in _FOREIGN) and not self._text_of:
            self._note_id(dict(attrs).get("id"))
        else:
            self.handle_starttag(tag, attrs)  # a browser ignores the slash

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or self._text_of not in ("", tag):
            return
        self._text_of = ""
        names = [name for name, _ in self._open]
        if tag not in names:
            if tag not in ("html", "body", "head"):
                self._tell("stray", tag)
            return
        at = len(names) - 1 - names[::-1].index(tag)
        self._left_open(self._open[at + 1 :])
        del self._open[at:]

    def end(self) -> None:
        """The page has ended."""
        self._left_open(self._open)

    def _left_open(self, elements: list[tuple[str, int]]) -> None:
        for name, line in elements:
            if name not in _MAY_STAY_OPEN:
                self._tell("unclosed", name, line)

    def _end_paragraph(self) -> None:
        for at in range(len(self._open) - 1, -1, -1):
            name = self._open[at][0]
            if name == "p":
                self._left_open(self._open[at + 1 :])
                del self._open[at:]
            if name == "p" or name in _SCOPES:
                return

    def _is_foreign(self) -> bool:
        return any(name in _FOREIGN for name, _ in self._open)

    def _push(self, tag: str) -> None:
        if len(self._open) >= _DEEPEST:
            raise _Finished
        self._open.append((tag, self.getpos()[0]))

    def _note_id(self, name: str | None) -> None:
        if name and name in self._ids:
            self._tell("twice", name)
        self._ids.add(name or "")

    def _tell(self, kind: str, name: str, line: int = 0) -> None:
        if len(self.faults) >= MOST_MARKUP_FAULTS:
            raise _Finished
        fault = {"kind": kind, "name": clean(name, LONGEST_NAME), "line": line or self.getpos()[0]}
        self.faults.setdefault((kind, name), fault)
