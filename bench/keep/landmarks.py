"""Finds on a site what requests are about: a sentence of many pages, a price, a photo, a document, the menu."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from bench.keep.markup import Part, element_at, parts, plain, visible_text
from shared.domain.tree import Tree

_PRICE = re.compile(r"\d+[.,]\d\d\Z")
_TIMES = re.compile(r"\d{1,2}[:.]\d\d\s*(?:\u2013|-|to|bis)\s*\d{1,2}[:.]\d\d")
_COPYRIGHT = re.compile(rb"(?:\xc2?\xa9|&copy;)(?:\s|<!--.*?-->)*(20\d\d)")
_PAGE = re.compile(r"[^:#?]+\.html?\Z")
_EVERYWHERE = ("tel:", "mailto:", "https:", "http:")


@dataclass(frozen=True)
class Spot:
    """A place in a page: the bytes from `start` to `end`, and what they say."""

    path: str
    start: int
    end: int
    text: str


def pages_of(tree: Tree) -> list[str]:
    """The site's pages, the home page first; not the one for missing pages, which belongs to no menu."""
    found = [path for path in tree if path.endswith((".html", ".htm")) and not path.endswith("404.html")]
    return sorted(found, key=lambda path: (path != "index.html", path.count("/"), path))


def texts_of(tree: Tree, path: str) -> Iterator[tuple[int, Part, str]]:
    """The texts in a page's body: the number of its part, the part, and what it says."""
    for number, one in enumerate(parts(tree[path])):
        if one.is_text and "head" not in one.inside and "title" not in one.inside:
            yield number, one, plain(tree[path], one.source)


def trimmed(path: str, one: Part, text: str) -> Spot:
    """A text without the blanks around it."""
    blank = len(one.source) - len(one.source.lstrip())
    return Spot(path, one.start + blank, one.start + len(one.source.rstrip()), text)


def hours(tree: Tree) -> list[Spot]:
    """The sentence with times that stands on most pages, once on each."""
    found: dict[str, dict[str, Spot]] = defaultdict(dict)
    for path in pages_of(tree):
        for _, one, text in texts_of(tree, path):
            if _TIMES.search(text):
                found[text].setdefault(path, trimmed(path, one, text))
    return max((list(spots.values()) for spots in found.values()), key=len, default=[])


def prices(tree: Tree) -> list[Spot]:
    """Prices in the cells of tables, each of which says so once on its page."""
    found = [
        trimmed(path, one, text)
        for path in pages_of(tree)
        for _, one, text in texts_of(tree, path)
        if "td" in one.inside and _PRICE.search(text) and len(text) < 12
    ]
    return [one for one in found if sum((other.path, other.text) == (one.path, one.text) for other in found) == 1]


def tags(tree: Tree, name: str, attribute: str) -> Iterator[tuple[str, int, Part, str]]:
    """All tags of this name with this attribute: their page, number, part, and the attribute's value."""
    for path in pages_of(tree):
        for number, one in enumerate(parts(tree[path])):
            if one.name == name and one.value(attribute):
                yield path, number, one, one.value(attribute)


def resolved(path: str, address: str) -> str:
    """The file that an address on a page names."""
    return normpath(join(dirname(path), address.partition("#")[0].partition("?")[0]))


def photos(tree: Tree) -> list[tuple[str, Part]]:
    """Pictures of the site with an alternative text, outside of links, each with its page."""
    return [
        (path, one)
        for path, _, one, source in tags(tree, "img", "src")
        if len(one.value("alt")) > 3 and resolved(path, source) in tree and "a" not in one.inside
    ]


def documents(tree: Tree) -> list[tuple[str, str]]:
    """PDF files that a page links: the page and the file."""
    found = [(path, resolved(path, to)) for path, _, _, to in tags(tree, "a", "href") if to.endswith(".pdf")]
    return [(path, file) for path, file in found if file in tree]


def menus(tree: Tree) -> dict[str, tuple[Spot, Part]]:
    """For each page with a menu: the element to put a copy after, and its link, which leads to a page of the site."""
    return {path: found for path in pages_of(tree) if (found := _menu_end(tree, path))}


def _menu_end(tree: Tree, path: str) -> tuple[Spot, Part] | None:
    """The last of the first links that lead to pages and stand in one element, with the list entry around it."""
    all_parts = parts(tree[path])
    links = [
        (number, one)
        for number, one in enumerate(all_parts)
        if one.name == "a" and _PAGE.match(one.value("href")) and resolved(path, one.value("href")) in tree
    ]
    inside_nav = [(number, one) for number, one in links if "nav" in one.inside] or links
    if not inside_nav:
        return None
    around = inside_nav[0][1].inside
    number, link = next(reversed([(n, one) for n, one in inside_nav if one.inside == around]))
    if around and around[-1] == "li":
        number = max(n for n in range(number) if all_parts[n].name == "li" and len(all_parts[n].inside) < len(around))
    start, end = element_at(tree[path], number)
    if all_parts[-1].end > end and tree[path][end : end + 4].lower() == b"<br>":
        end += 4
    return Spot(path, start, end, plain(tree[path], tree[path][start:end])), link


def entries(tree: Tree) -> list[Spot]:
    """Entries of lists outside of menus that say what nothing else on the page says, and hold no list of their own."""
    found = []
    for path in pages_of(tree):
        all_parts = parts(tree[path])
        for number, one in enumerate(all_parts):
            if one.name == "li" and not {"nav", "header", "footer", "aside"} & set(one.inside):
                start, end = element_at(tree[path], number)
                source = tree[path][start:end]
                text = plain(tree[path], source)
                if (
                    8 < len(text) < 80
                    and visible_text(tree[path]).count(text) == 1
                    and not re.search(rb"<(?:ul|ol|a|img|input|button)\b", source, re.IGNORECASE)
                ):
                    found.append(Spot(path, start, end, text))
    return found


def common_link(tree: Tree) -> tuple[str, list[Spot]]:
    """The address outside of the site that most pages link, and where it stands."""
    found: dict[str, list[Spot]] = defaultdict(list)
    for path, _, one, to in tags(tree, "a", "href"):
        value = one.attribute("href")
        if to.startswith(_EVERYWHERE) and value:
            found[to].append(Spot(path, value[0], value[1], to))
    return max(found.items(), key=lambda item: len({spot.path for spot in item[1]}), default=("", []))


def years(tree: Tree) -> list[Spot]:
    """The year after each copyright sign."""
    return [
        Spot(path, found.start(1), found.end(1), found[1].decode())
        for path in pages_of(tree)
        for found in _COPYRIGHT.finditer(tree[path])
    ]


def sentences(tree: Tree, path: str) -> list[Spot]:
    """Texts of some words in the page's body that are no heading, link, or entry of a menu."""
    without = {"nav", "header", "footer", "a", "h1", "h2", "h3", "h4", "button", "select", "label", "b"}
    return [
        trimmed(path, one, text)
        for _, one, text in texts_of(tree, path)
        if len(text.split()) >= 6 and not without & set(one.inside)
    ]


def headlines(tree: Tree, path: str) -> list[Spot]:
    """Headings of a page, and in pages without any what is set in large letters."""
    found = [
        (one, text) for _, one, text in texts_of(tree, path) if {"h1", "h2", "h3"} & set(one.inside) and len(text) > 2
    ]
    found = found or [(one, text) for _, one, text in texts_of(tree, path) if "b" in one.inside]
    return [trimmed(path, one, text) for one, text in found]


def by_page(spots: list[Spot]) -> Mapping[str, list[Spot]]:
    """The spots of each page."""
    found: dict[str, list[Spot]] = defaultdict(list)
    for spot in spots:
        found[spot.path].append(spot)
    return found
