"""Instructions about whole pages and sections: add a page, remove a page, add a section."""

import posixpath
import re

from daemons.model.practice.editor.layout import (
    ContentRegion,
    add_at_end,
    blocks_in,
    content_region,
    indentation,
    inner_region,
    last_section,
    own_headline,
    paragraphs,
    wrap_like,
)
from daemons.model.practice.editor.markup import Document, Edit, Element, drop_attribute, escape, set_attribute, splice
from daemons.model.practice.editor.navigation import navigation_item, unlink, unmark
from daemons.model.practice.editor.website import CannotDo, Website, one_line, relative, short, slug

_TAIL = ("script", "style", "link", "noscript")


def add_page(site: Website, title: str, text: str) -> str:
    """Add a page in the layout of an existing one, and link it in every navigation."""
    home = site.home
    path = posixpath.join(posixpath.dirname(home), slug(title) + ".html")
    if path in site.files or path in site.left_out:
        raise CannotDo(f"There is a page {path} already, so I added none.")
    layout = _layout_page(site)
    site.codings[path] = site.coding(layout)
    site.files[path] = _moved(layout, path, _new_page(site.document(layout), title, text))
    linked = [page for page in site.pages if _add_to_navigation(site, page, path, title)]
    where = "linked it in the navigation" if linked else "found no navigation to link it in"
    return f"Added the page {path} with the title “{short(title)}” and {where}."


def _layout_page(site: Website) -> str:
    """The plainest page beside the home page: the one with the fewest pieces of content."""
    folder = posixpath.dirname(site.home)
    others = [page for page in site.pages[1:] if posixpath.dirname(page) == folder and "404" not in page]
    documents = {page: site.document(page) for page in others}
    sizes = {page: len(blocks_in(inner_region(content_region(d), d), d)) for page, d in documents.items()}
    return min(others, key=lambda page: sizes[page], default=site.home)


def _new_page(document: Document, title: str, text: str) -> str:
    """The layout with a new title, headline and content, without anything else that belongs to the old page."""
    region = content_region(document)
    own = own_headline(document)
    edits = _new_head(document, title, text)
    in_header = own is not None and own.end <= region.start
    if in_header and own is not None and own.parent is not None:
        edits += _only_child(document, own, title)
    edits.append(_new_content(document, region, "" if in_header else title, text, own))
    edits += _without_tail(document, region)
    return splice(document.text, edits)


def _new_head(document: Document, title: str, text: str) -> list[Edit]:
    """Set the page's title and description, and remove addresses and previews of the old page."""
    edits = [(t.inner_start, t.inner_end, escape(title)) for t in document.find("title")[:1]]
    for element in document.find("meta", "link"):
        if element.attributes.get("name") == "description":
            edits.append(set_attribute(document, element, "content", one_line(text)[:160] or title))
        elif element.attributes.get("rel") == "canonical" or element.attributes.get("property", "").startswith("og:"):
            edits.append((element.start, element.end, ""))
    return edits


def _only_child(document: Document, own: Element, title: str) -> list[Edit]:
    """Leave only the headline in its box: the words around it belong to the old page."""
    box = own.parent or own
    before: Edit = (box.inner_start, own.start, "") if not box.find("nav") else (own.start, own.start, "")
    after: Edit = (own.end, box.inner_end, "") if not box.find("nav") else (own.end, own.end, "")
    return [before, (own.inner_start, own.inner_end, escape(title)), after]


def _new_content(document: Document, region: ContentRegion, title: str, text: str, own: Element | None) -> Edit:
    inner = inner_region(region, document)
    tag = document.text[own.start : own.inner_start] if own and own.tag == "h1" else "<h1>"
    heading = f"\n  {tag}{escape(title)}</h1>" if title else ""
    block = next(iter(blocks_in(inner, document)), None)
    content = wrap_like(document, block, heading + paragraphs(text) + "\n")
    indent = indentation(document, block)
    lines = content.strip().replace("\n", "\n" + indent)
    return (inner.start, inner.end, f"\n{indent}{lines}\n{indentation(document, inner.element)}")


def _without_tail(document: Document, region: ContentRegion) -> list[Edit]:
    """Keep only scripts after the footer: dialogues and the like belong to the old page."""
    body = next(iter(document.find("body")), document.root)
    footers = [element for element in body.children if element.tag == "footer"]
    if not footers or region.element is not None:
        return []
    tail = [element for element in body.children if element.start >= footers[-1].end and element.tag not in _TAIL]
    return [(element.start, element.end, "") for element in tail]


def _moved(layout: str, path: str, text: str) -> str:
    """Make the copy another page: links to parts that it lacks lead to the old page, which is not current."""
    document = Document(text)
    marks = [edit for link in document.find("a") for edit in drop_attribute(document, link, "aria-current")]
    marks += [edit for nav in document.find("nav") for element in nav.walk() for edit in unmark(document, element)]
    document = Document(splice(text, marks))
    ids = {element.attributes.get("id") for element in document.root.walk()}
    links = [link for link in document.find("a") if link.attributes.get("href", "").startswith("#")]
    lost = [link for link in links if link.attributes["href"][1:] not in ids and len(link.attributes["href"]) > 2]
    old = relative(path, layout)
    return splice(
        document.text, [set_attribute(document, link, "href", old + link.attributes["href"]) for link in lost]
    )


def _add_to_navigation(site: Website, page: str, path: str, title: str) -> bool:
    """Link the new page beside the links to other pages, else beside those to places on this one."""
    document = site.document(page)
    kinds = (lambda href: site.leads_to(page, href) in site.files, lambda href: href.startswith("#"))
    found = (navigation_item(document, page, path, title, kind) for kind in kinds)
    edit = next(filter(None, found), None)
    if edit:
        site.files[page] = splice(document.text, [edit])
    return edit is not None


def remove_page(site: Website, page: str) -> str:
    """Remove a page and the links to it."""
    path = site.page(page)
    if path == site.home:
        raise CannotDo("I don't remove the home page: a site needs one.")
    count = 0
    for other in site.pages:
        document = site.document(other)
        links = [link for link in document.find("a") if site.leads_to(other, link.attributes.get("href", "")) == path]
        count += len(links) * (other != path)
        site.files[other] = splice(document.text, unlink(document, links))
    del site.files[path]
    return f"Removed the page {path} and {count} link{'s' * (count != 1)} to it."


def add_section(site: Website, heading: str, text: str, page: str | None) -> str:
    """Add a section at the end of a page's content, shaped like the last one there."""
    path = site.page(page)
    document = site.document(path)
    model = last_section(document)
    content = f"\n  {_heading_like(document, model)}{escape(heading)}</h2>{paragraphs(text)}\n"
    site.files[path] = splice(document.text, [add_at_end(document, model, content)])
    return f"Added the section “{short(heading)}” to {path}."


def _heading_like(document: Document, section: Element | None) -> str:
    """A start tag `h2`, with the classes of the section's own headline."""
    found = section.find("h2") if section else []
    tag = document.text[found[0].start : found[0].inner_start] if found else "<h2>"
    return re.sub(r"""\s+id\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", "", tag)
