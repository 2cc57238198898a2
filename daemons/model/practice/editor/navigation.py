"""A page's navigation: finds its list of pages, adds an item for a new page, and removes links."""

import re
from collections.abc import Callable
from functools import cache

from daemons.model.practice.editor.layout import indentation
from daemons.model.practice.editor.markup import Document, Edit, Element, drop_attribute, escape, set_attribute, splice
from daemons.model.practice.editor.website import relative

_MARKED = frozenset({"active", "current", "is-active", "selected"})
_MARKED_ENDS = ("--active", "--current")
_LISTS = ("ul", "ol", "menu")
_NAMED = re.compile(r"(?:.*[-_])?(?:nav|navbar|navigation|menu|topnav)(?:[-_](?:links|list|menu))?")
_BESIDE = re.compile(
    r"(?:.*[-_])?(?:breadcrumbs?|pagination|pager|related|relations|social|this-page|topless)(?:[-_].*)?"
)
_LOGO = re.compile(r"(?:.*[-_])?(?:logo|brand)")

# Cached: a site has few names of classes, and its pages repeat them.
_is_menu, _is_other, _is_brand = cache(_NAMED.fullmatch), cache(_BESIDE.fullmatch), cache(_LOGO.fullmatch)

IsPage = Callable[[str], bool]


def navigation_item(document: Document, page: str, path: str, label: str, is_page: IsPage) -> Edit | None:
    """The edit that links `path` in the navigation of `page`, shaped like the last page's link there.

    `is_page` tells whether an address leads to a page of the site.
    """
    items = _list_of_pages(document, is_page)
    if not items:
        return None
    item = items[-1]
    indent = indentation(document, item)
    from_root = _links(item)[0].attributes["href"].startswith("/")
    href = "/" + relative("", path) if from_root else relative(page, path)
    copy = _copied_item(document.source(item), href, label, current=page == path)
    return (item.end, item.end, ("\n" + indent if indent else " ") + copy)


def _list_of_pages(document: Document, is_page: IsPage) -> list[Element]:
    """The items of the main navigation's list of pages: the first with several items, else the first with one."""
    found = [items for nav in _navigations(document) if (items := _items(document, nav, is_page))]
    return next((items for items in found if len(items) > 1), next(iter(found), []))


def _navigations(document: Document) -> list[Element]:
    """What may be the main navigation, the likeliest first; no footers, trails or pairs of neighbours."""
    everything = list(document.root.walk())
    navs = [e for e in everything if e.tag == "nav" or e.attributes.get("role") == "navigation"]
    lists = [e for e in everything if e.tag in _LISTS and e.inside("header")]
    named = [e for e in everything if any(map(_is_menu, (*e.classes, e.attributes.get("id", ""))))]
    return [element for element in (*navs, *lists, *named) if not _is_beside(element)]


def _items(document: Document, nav: Element, is_page: IsPage) -> list[Element]:
    """The longest row of siblings that each are, or hold, one link to a page; rows of a sub-menu don't count."""
    boxes = [box for box in (nav, *nav.walk()) if box.tag not in ("li", "a")]
    rows = [[child for child in box.children if _is_item(document, child, is_page)] for box in boxes]
    listed = [row for box, row in zip(boxes, rows, strict=True) if box.tag in _LISTS and row]
    outer = [row for row in listed if not any(_is_below(row[0], other) for other in listed)]
    return max(outer or rows, key=len, default=[])


def _is_below(item: Element, row: list[Element]) -> bool:
    """Whether an item belongs to a sub-menu of the list whose items these are."""
    box = row[0].parent
    return box is not None and item.parent is not box and box.start < item.start < box.end and item.inside("li")


def _is_beside(element: Element) -> bool:
    """Whether it is, or stands in, a footer, a trail or a pair of neighbours."""
    around: Element | None = element
    while around and around.tag != "footer" and not any(map(_is_other, around.classes)):
        around = around.parent
    return around is not None


def _is_item(document: Document, element: Element, is_page: IsPage) -> bool:
    links = _links(element)
    if len(links) != 1 or _is_logo(document, links[0]) or _is_beside(links[0]):
        return False
    return is_page(links[0].attributes["href"])


def _links(element: Element) -> list[Element]:
    return [e for e in (element, *element.walk()) if e.tag == "a" and "href" in e.attributes]


def _is_logo(document: Document, link: Element) -> bool:
    """Whether the link is the site's name or logo, which leads home and is no item of a list."""
    around = [link, *([link.parent] if link.parent else [])]
    return not document.words(link) or any(_is_brand(name) for element in around for name in element.classes)


def _copied_item(source: str, href: str, label: str, *, current: bool) -> str:
    document = Document(source)
    link = _links(document.root)[-1]
    edits = [(link.inner_start, link.inner_end, escape(label)), set_attribute(document, link, "href", href)]
    around = [element for element in document.root.walk() if not link.start < element.start < link.end]
    edits += [edit for element in around for edit in unmark(document, element)]
    for name in ("aria-current", "id", "target"):
        edits += [edit for element in around for edit in drop_attribute(document, element, name)]
    if current:
        place = link.start + len("<a")
        edits.append((place, place, ' aria-current="page"'))
    return splice(source, edits)


def unmark(document: Document, element: Element) -> list[Edit]:
    """The edit that takes a navigation's mark of the current page off an element."""
    plain = [word for word in element.classes if word not in _MARKED and not word.endswith(_MARKED_ENDS)]
    if plain == element.classes:
        return []
    return (
        [set_attribute(document, element, "class", " ".join(plain))]
        if plain
        else drop_attribute(document, element, "class")
    )


def unlink(document: Document, links: list[Element]) -> list[Edit]:
    """The edits that take links away: whole items of a navigation list; elsewhere the words stay."""
    edits: list[Edit] = []
    for link in links:
        item = link.parent
        if item and item.tag == "li" and document.words(item) == document.words(link):
            edits.append((_line_start(document.text, item.start), item.end, ""))
        elif link.inside("nav"):
            edits.append((_line_start(document.text, link.start), link.end, ""))
        else:
            edits += [(link.start, link.inner_start, ""), (link.inner_end, link.end, "")]
    return edits


def _line_start(text: str, place: int) -> int:
    """Where the blank before an element begins, one newline included."""
    start = len(text[:place].rstrip(" \t"))
    start -= text[start - 1 : start] == "\n"
    return start - (text[start - 1 : start] == "\r")
