"""How a page is laid out: where its own content is, what wraps it, and how it is indented."""

import re
from dataclasses import dataclass

from daemons.model.practice.editor.headlines import headline
from daemons.model.practice.editor.markup import Document, Edit, Element, escape
from daemons.model.practice.editor.website import one_line

_WRAPPERS = ("section", "article", "div")
_CONTENT = (*_WRAPPERS, "p", "h1", "h2", "h3", "ul", "ol", "table", "form", "img", "figure")


@dataclass(frozen=True)
class ContentRegion:
    """A page's own content as offsets, and the element it fills if there is one."""

    start: int
    end: int
    element: Element | None = None


def content_region(document: Document) -> ContentRegion:
    """What lies in `main`, else between the page's header and its footer."""
    main = [element for element in document.root.walk() if _is_main(element)]
    if main:
        return ContentRegion(main[0].inner_start, main[0].inner_end, main[0])
    body = next(iter(document.find("body")), document.root)
    blocks = [element for element in body.children if element.tag not in ("script", "style", "link", "template")]
    footers = [element for element in blocks if element.tag == "footer"]
    end = footers[-1].start if footers else (blocks[-1].end if blocks else body.inner_end)
    start = body.inner_start
    for block in blocks:
        if block.tag not in ("header", "nav") and not block.find("nav"):
            break
        start = block.end
    return ContentRegion(start, max(start, end))


def _is_main(element: Element) -> bool:
    return element.tag == "main" or element.attributes.get("role") == "main"


def inner_region(region: ContentRegion, document: Document) -> ContentRegion:
    """Inside the boxes that wrap the whole content, such as main > div.container > div.row > div.column."""
    element = region.element
    while element and len(element.children) == 1 and element.children[0].tag == "div":
        element = element.children[0]
    return ContentRegion(element.inner_start, element.inner_end, element) if element else region


def blocks_in(region: ContentRegion, document: Document) -> list[Element]:
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


def last_section(document: Document) -> Element | None:
    """The last section of a page's content."""
    sections = [block for block in _content_blocks(document) if block.tag in ("section", "article")]
    return sections[-1] if sections else None


def add_at_end(document: Document, model: Element | None, content: str) -> Edit:
    """Add content at the end of a page's content, in boxes like those of the section `model`."""
    region = inner_region(content_region(document), document)
    boxed = wrap_like(document, model, content) if model else f"<section>{content}</section>"
    place = model.end if model else len(document.text[: region.end].rstrip())
    indent = indentation(document, model or next(iter(_content_blocks(document)), None))
    lines = boxed.replace("\n", "\n" + indent)
    return (place, place, f"\n\n{indent}{lines}")


def _content_blocks(document: Document) -> list[Element]:
    region = inner_region(content_region(document), document)
    return [block for block in blocks_in(region, document) if block.end <= region.end]
