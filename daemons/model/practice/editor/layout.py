"""How a page is laid out: where its own content is, what wraps it, and the navigation's items."""

import re
from dataclasses import dataclass

from daemons.model.practice.editor.markup import Document, Edit, Element, drop_attribute, escape, set_attribute, splice
from daemons.model.practice.editor.website import headline, one_line, relative

_WRAPPERS = ("section", "article", "div")
_CONTENT = (*_WRAPPERS, "p", "h1", "h2", "h3", "ul", "ol", "table", "form", "img", "figure")
_MARKED = frozenset({"active", "current", "is-active", "selected"})


@dataclass(frozen=True)
class Region:
    """A page's own content as offsets, and the element it fills if there is one."""

    start: int
    end: int
    element: Element | None = None


def content_region(document: Document) -> Region:
    """What lies in `main`, else between the page's header and its footer."""
    main = [element for element in document.root.walk() if _is_main(element)]
    if main:
        return Region(main[0].inner_start, main[0].inner_end, main[0])
    body = next(iter(document.find("body")), document.root)
    blocks = [element for element in body.children if element.tag not in ("script", "style", "link", "template")]
    footers = [element for element in blocks if element.tag == "footer"]
    end = footers[-1].start if footers else (blocks[-1].end if blocks else body.inner_end)
    start = body.inner_start
    for block in blocks:
        if block.tag not in ("header", "nav") and not block.find("nav"):
            break
        start = block.end
    return Region(start, max(start, end))


def _is_main(element: Element) -> bool:
    return element.tag == "main" or element.attributes.get("role") == "main"


def inner_region(region: Region, document: Document) -> Region:
    """Inside the boxes that wrap the whole content, such as main > div.container > div.row > div.column."""
    element = region.element
    while element and len(element.children) == 1 and element.children[0].tag == "div":
        element = element.children[0]
    return Region(element.inner_start, element.inner_end, element) if element else region


def blocks_in(region: Region, document: Document) -> list[Element]:
    """The outermost pieces of content in a region."""
    inside = [e for e in document.root.walk() if region.start <= e.start and e.end <= region.end and e.tag in _CONTENT]
    return [e for e in inside if not (e.parent and region.start <= e.parent.start and e.parent.end <= region.end)]


def wrap_like(document: Document, block: Element | None, content: str) -> str:
    """The content in boxes like those of an existing block: the same tags and classes, without ids."""
    opened, closed = "", ""
    while block is not None and block.tag in _WRAPPERS:
        tag = document.text[block.start : block.inner_start]
        opened += re.sub(r"""\s+(?:id|style|aria-\w+|data-[\w-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", "", tag)
        closed = f"</{block.tag}>" + closed
        block = block.children[0] if block.children and _only_boxes(block) else None
    return opened + content + closed


def _only_boxes(block: Element) -> bool:
    """Whether a block is one box around everything."""
    return len(block.children) == 1 and block.children[0].tag in _WRAPPERS


def indentation(document: Document, element: Element | None) -> str:
    """The blank before an element on its line, nothing if it does not begin a line."""
    if element is None:
        return ""
    before = document.text[document.text.rfind("\n", 0, element.start) + 1 : element.start]
    return "" if before.strip() else before


def paragraphs(text: str) -> str:
    """A person's text as paragraphs, a line each; an empty line separates two."""
    parts = [one_line(part) for part in re.split(r"\n\s*\n", text)]
    return "".join(f"\n  <p>{escape(part)}</p>" for part in parts if part)


def own_headline(document: Document) -> Element | None:
    """The headline unless it is the site's name: that one shares a header with the navigation."""
    element = headline(document)
    box = element
    while box and box.tag not in ("header", "nav"):
        box = box.parent
    return None if box and (box.tag == "nav" or box.find("nav")) else element


def navigation(document: Document) -> Element | None:
    """The page's main navigation."""
    navs = [*document.find("nav"), *(ul for ul in document.find("ul") if ul.inside("header"))]
    return next((nav for nav in navs if nav.find("a")), None)


def navigation_item(document: Document, page: str, path: str, label: str) -> Edit | None:
    """The edit that links `path` in the navigation of `page`, shaped like the last link there."""
    nav = navigation(document)
    if nav is None:
        return None
    in_lists = [link for link in nav.find("a") if link.inside("li")]
    link = (in_lists or nav.find("a"))[-1]
    item = link
    while in_lists and item.tag != "li" and item.parent:
        item = item.parent
    indent = indentation(document, item)
    href = "/" + path if link.attributes.get("href", "").startswith("/") else relative(page, path)
    copy = _copied_item(document.source(item), href, label, current=page == path)
    return (item.end, item.end, ("\n" + indent if indent else " ") + copy)


def _copied_item(source: str, href: str, label: str, *, current: bool) -> str:
    document = Document(source)
    link = document.find("a")[-1]
    edits = [(link.inner_start, link.inner_end, escape(label)), set_attribute(document, link, "href", href)]
    edits += [edit for element in document.root.walk() for edit in unmark(document, element)]
    for name in ("aria-current", "id", "target"):
        edits += [edit for element in document.root.walk() for edit in drop_attribute(document, element, name)]
    if current:
        place = link.start + len("<a")
        edits.append((place, place, ' aria-current="page"'))
    return splice(source, edits)


def unmark(document: Document, element: Element) -> list[Edit]:
    """The edit that takes a navigation's mark of the current page off an element."""
    if not _MARKED & set(element.classes):
        return []
    plain = " ".join(word for word in element.classes if word not in _MARKED)
    return [set_attribute(document, element, "class", plain)] if plain else drop_attribute(document, element, "class")


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
    return start - 1 if text[start - 1 : start] == "\n" else start
