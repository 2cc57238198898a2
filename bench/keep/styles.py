"""Styles in which websites are made, as templates for a page and for each piece on it, and what becomes of the text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from bench.keep.content import Business, Piece
from shared.domain.tree import Tree

YEAR = "2025"
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
_END = b"trailer<</Root 1 0 R>>\n%%EOF\n"
_DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 160"><rect width="240" height="160" fill="{}"/></svg>'
)


def pdf(note: str) -> bytes:
    """A small document."""
    return _PDF + f"% {note}\n".encode() + _END


def drawing(colour: str) -> bytes:
    """A small picture of one colour."""
    return _DRAWING.format(colour).encode()


@dataclass(frozen=True)
class SiteStyle:
    """Templates of one style. `row` and `person` are repeated inside `prices` and `people`, `link` in the menu."""

    frame: str
    link: str
    css: str
    pieces: Mapping[str, str]
    row: str
    person: str
    hours: str
    between: str = "\n"
    finish: Callable[[str], bytes] = field(default=str.encode)


def built(business: Business, style: SiteStyle) -> Tree:
    """The business's site in this style."""
    pages = {path: style.finish(_page(business, style, path)) for path in business.pages}
    names = [piece for _, pieces in business.pages.values() for piece in pieces]
    files = {f"images/{one[1]}": drawing("#7a5a3a") for one in names if one[0] == "photo"}
    files |= {f"files/{one[1]}": pdf("first edition") for one in names if one[0] == "pdf"}
    css = {"css/site.css": style.css.encode()} if style.css else {}
    return {**pages, **files, **css}


def _page(business: Business, style: SiteStyle, path: str) -> str:
    title, pieces = business.pages[path]
    root = "../" * path.count("/")
    menu = {one: name for one, (name, _) in business.pages.items() if "/" not in one}
    body = style.between.join(_piece(style, piece, root) for piece in pieces)
    if path == "index.html" and len(business.pages) > len(menu):
        body += "".join(
            f'\n<p><a href="{one}">{name}</a></p>' for one, (name, _) in business.pages.items() if "/" in one
        )
    return style.frame.format(
        title=escape(f"{title} · {business.name}"),
        name=escape(business.name),
        lang=business.language,
        root=root,
        nav=style.between.join(style.link.format(href=root + one, text=name) for one, name in menu.items()),
        body=body,
        hours="" if path in business.without_hours else style.hours.format(business.hours),
        phone=business.phone,
        year=YEAR,
        footer=business.footer,
    )


def _piece(style: SiteStyle, piece: Piece, root: str) -> str:
    kind, *words = piece
    texts = [escape(word, quote=True) for word in words]
    if kind == "prices":
        rows = zip(texts[::2], texts[1::2], strict=True)
        return style.pieces[kind].format(style.between.join(style.row.format(*row) for row in rows))
    if kind == "people":
        return style.pieces[kind].format(style.between.join(map(style.person.format, texts)))
    return style.pieces[kind].format(*texts, root=root)


def minified(page: str) -> bytes:
    """Without a line end or a blank that a browser doesn't need."""
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", page)).encode()


def of_windows(page: str) -> bytes:
    """In the encoding and with the line ends of an old editor on Windows."""
    return page.replace("\n", "\r\n").encode("cp1252", "xmlcharrefreplace")
