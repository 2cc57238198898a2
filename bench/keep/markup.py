"""Reads a page's source as tags and texts with their places in its bytes, so that an edit can name bytes exactly."""

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_TOKEN = re.compile(
    rb"<!--.*?(?:-->|\Z)"
    rb"|(?P<raw><(?P<kind>script|style|textarea|pre|svg|noscript|template)\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>.*?</(?P=kind)\s*>)"
    rb"|<[/!?a-zA-Z](?:[^>\"']|\"[^\"]*\"|'[^']*')*>"
    rb"|(?:[^<]|<(?![/!?a-zA-Z]))+",
    re.DOTALL | re.IGNORECASE,
)
_NAME = re.compile(rb"<(/?)([a-zA-Z][\w-]*)")
_ATTRIBUTE = re.compile(rb"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_CHARSET = re.compile(rb"<meta[^>]*charset=[\"']?([\w-]+)", re.IGNORECASE)
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_OPTIONAL_END = frozenset({"p", "li", "td", "th", "tr", "dt", "dd", "option"})


@dataclass(frozen=True)
class Part:
    """A tag, a text between tags, or something that is neither: a comment, a script, a style sheet.

    `name` is a tag's name, with a slash if it ends an element, and empty for a text. `inside` are the elements around.
    """

    start: int
    end: int
    name: str
    source: bytes
    inside: tuple[str, ...]

    @property
    def is_text(self) -> bool:
        return not self.name and bool(self.source.strip()) and not self.source.startswith(b"<")

    def attribute(self, name: str) -> tuple[int, int, str] | None:
        """Start, end and source of an attribute's value; None if the tag has none of that name."""
        for found in _ATTRIBUTE.finditer(self.source):
            if found[1].decode("latin-1").lower() == name:
                group = next(number for number in (2, 3, 4) if found[number] is not None)
                return self.start + found.start(group), self.start + found.end(group), found[group].decode("latin-1")
        return None

    def value(self, name: str) -> str:
        """What an attribute says; empty if the tag has none of that name."""
        found = self.attribute(name)
        source = found[2].encode("latin-1") if found else b""
        try:
            return html.unescape(source.decode())
        except UnicodeDecodeError:
            return html.unescape(source.decode("cp1252", "replace"))


@lru_cache(maxsize=512)
def parts(page: bytes) -> tuple[Part, ...]:
    """The page's source from its first byte to its last."""
    found: list[Part] = []
    open_elements: list[str] = []
    for token in _TOKEN.finditer(page):
        name = _tag_name(token)
        if name.startswith("/") and name[1:] in open_elements:
            while open_elements.pop() != name[1:]:
                pass
        elif name in _OPTIONAL_END and open_elements and open_elements[-1] == name:
            open_elements.pop()
        found.append(Part(token.start(), token.end(), name, token[0], tuple(open_elements)))
        if name and name[0] != "/" and name not in VOID and not token[0].endswith(b"/>") and not token["raw"]:
            open_elements.append(name)
    return tuple(found)


def _tag_name(token: re.Match[bytes]) -> str:
    named = _NAME.match(token[0]) if not token["raw"] else None
    return (named[1] + named[2]).decode("latin-1").lower() if named else ""


def charset(page: bytes) -> str:
    """The encoding that the page says it has."""
    named = _CHARSET.search(page[:2048])
    return "cp1252" if named and named[1].lower() in (b"windows-1252", b"iso-8859-1") else "utf-8"


def encoded(page: bytes, text: str) -> bytes:
    """A text as this page has to write it."""
    return text.encode(charset(page), "xmlcharrefreplace")


def plain(page: bytes, source: bytes) -> str:
    """A piece of the page's source as people read it, without tags."""
    bare = re.sub(rb"<[^>]*>", b" ", source)
    return " ".join(html.unescape(bare.decode(charset(page), "replace")).split())


@lru_cache(maxsize=512)
def visible_text(page: bytes) -> str:
    """All that people read on the page, in one line."""
    return " ".join(plain(page, one.source) for one in parts(page) if one.is_text and "head" not in one.inside)


def element_at(page: bytes, number: int) -> tuple[int, int]:
    """Where the element begins and ends that this tag opens; one that is left open ends where its parent does."""
    all_parts = parts(page)
    opening = all_parts[number]
    if opening.name in VOID:
        return opening.start, opening.end
    depth = len(opening.inside)
    for one, following in pairwise(all_parts[number:]):
        if one is not opening and len(one.inside) == depth and one.name == f"/{opening.name}":
            return opening.start, one.end
        if len(following.inside) < depth or (following.name == opening.name and len(following.inside) == depth):
            return opening.start, following.start
    return opening.start, all_parts[-1].end
