"""Tells whether a block stands in a page's own HTML, so that no script wrote it; does no I/O."""

from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import quote, unquote

# A larger page is not searched: then a script may have written anything.
_LARGEST = 2_000_000
_NO_TEXT = frozenset({"script", "style", "template", "noscript"})


class PageSource:
    """The HTML of a page."""

    def __init__(self, html: bytes) -> None:
        self._html = html.decode(errors="replace") if len(html) <= _LARGEST else ""

    def has(self, text: str, address: str) -> bool:
        """Whether the page's HTML has this text and an address that ends as this one does."""
        return bool(text or address) and self._has_text(text) and self._has_address(address)

    def _has_text(self, text: str) -> bool:
        return _bare(text) in self._words

    def _has_address(self, address: str) -> bool:
        name = address.rstrip("/").rpartition("/")[2]
        return not name or name in self._html or unquote(name) in self._html or quote(name) in self._html

    @cached_property
    def _words(self) -> str:
        """All texts and attributes without spaces, one after the other."""
        reader = _Words()
        reader.feed(self._html)
        reader.close()
        return "".join(map(_bare, (*reader.words, "\0", *reader.attributes)))


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.attributes: list[str] = []
        self._is_text = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_text = tag not in _NO_TEXT
        self.attributes += [f"{value}\0" for _, value in attrs if value]

    def handle_endtag(self, tag: str) -> None:
        self._is_text = True

    def handle_data(self, data: str) -> None:
        if self._is_text:
            self.words.append(data)


def _bare(text: str) -> str:
    return "".join(text.split())
