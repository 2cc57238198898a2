"""Instructions about words: replace a text, set a title or headline, change where a link leads."""

import html
import re
from collections.abc import Iterator

from daemons.model.practice.editor.headlines import headline, headline_edits
from daemons.model.practice.editor.markup import (
    Document,
    Edit,
    Element,
    attribute_span,
    escape,
    set_attribute,
    splice,
)
from daemons.model.practice.editor.website import CannotDo, Website, short
from daemons.model.practice.editor.words import find_text, may_have, straight

_MOST_LONGER = 5
_SPOKEN = ("alt", "title", "placeholder", "aria-label")
_DESCRIPTIONS = frozenset(
    "description keywords og:title og:description og:site_name twitter:title twitter:description".split()
)
_SAFE_LINK = re.compile(r"(https?://|mailto:|tel:|[^:]*$|[^:]*[/?#])", re.IGNORECASE)


def replace_text(site: Website, old: str, new: str, page: str | None) -> str:
    """Replace a text wherever a visitor can read it."""
    counts, longer = dict[str, int](), dict[str, bool]()
    for path in site.chosen(page):
        counts[path] = _replace_on(site, path, old, new, longer)
    changed = {path: count for path, count in counts.items() if count}
    inside = f"inside longer words: {', '.join(map(short, list(longer)[:_MOST_LONGER]))}"
    if not changed:
        where = "any page" if page is None else site.page(page)
        reason = f" It only stands {inside}." if longer else ""
        raise CannotDo(f"I could not find the text “{short(old)}” on {where}.{reason}")
    total = sum(changed.values())
    kept = f" I left it {inside}." if longer else ""
    return (
        f"Replaced “{short(old)}” with “{short(new)}” in {total} place{'s' * (total > 1)} "
        f"on {_listed(list(changed))}.{kept}"
    )


def _replace_on(site: Website, path: str, old: str, new: str, longer: dict[str, bool]) -> int:
    """How many places were changed; `longer` gains the longer words that the text is a part of."""
    if not may_have(site.files[path], old):
        return 0
    document = site.document(path)
    spans = [(start, end, True) for start, end in document.runs]
    spans += [(start, end, False) for start, end in _spoken_attributes(document)]
    edits: list[Edit] = []
    for start, end, is_text in spans:
        words, raw = escape(new) if is_text else html.escape(new), document.text[start:end]
        for first, last, around in find_text(raw, old):
            if around:
                longer[around] = True
            else:
                edits.append((start + first, start + last, words))
    site.files[path] = splice(document.text, edits)
    return len(edits)


def _spoken_attributes(document: Document) -> Iterator[tuple[int, int]]:
    """Where attribute values are that people read or hear; only quoted ones, whose borders are certain."""
    for element in document.root.walk():
        names = _SPOKEN if element.tag != "meta" else ("content",) if _is_described(element) else ()
        for span in filter(None, (attribute_span(document, element, name) for name in names)):
            if document.text[span[0]] in "\"'":
                yield span[0] + 1, span[1] - 1


def _is_described(meta: Element) -> bool:
    """Whether a meta element's content is for people."""
    return {meta.attributes.get("name"), meta.attributes.get("property")} & _DESCRIPTIONS != set()


def set_title(site: Website, text: str, page: str | None) -> str:
    """Set what the browser shows as the page's name."""
    path = site.page(page)
    document = site.document(path)
    titles = [title for title in document.find("title") if not title.inside("svg")]
    if titles:
        edit: Edit = (titles[0].inner_start, titles[0].inner_end, escape(text))
    else:
        head = document.find("head")
        place = head[0].inner_start if head else 0
        edit = (place, place, f"<title>{escape(text)}</title>")
    site.files[path] = splice(document.text, [edit])
    return f"Set the title of {path} to “{short(text)}”."


def set_headline(site: Website, text: str, page: str | None) -> str:
    """Set the large words at the top of a page."""
    path = site.page(page)
    document = site.document(path)
    element = headline(document)
    if element is None:
        raise CannotDo(f"I could not find a headline on {path}.")
    edits, lost = headline_edits(document, element, text)
    site.files[path] = splice(document.text, edits)
    without = f" It has no link “{short(lost[0])}” any more." if lost else ""
    return f"Changed the headline of {path} to “{short(text)}”.{without}"


def change_link(site: Website, label: str, address: str, page: str | None) -> str:
    """Let the links with this text lead elsewhere."""
    if not _SAFE_LINK.match(address) or re.search(r"[\s<>\"]", address):
        raise CannotDo(
            f"“{short(address)}” is not an address that I may link to; use https://, mailto:, tel: or a page's name."
        )
    changed = []
    for path in site.chosen(page):
        document = site.document(path)
        links = [link for link in document.find("a") if _is_called(document, link, label)]
        site.files[path] = splice(document.text, [set_attribute(document, link, "href", address) for link in links])
        changed += [path] * bool(links)
    if not changed:
        raise CannotDo(f"I could not find a link with the text “{short(label)}”.")
    return f"The link “{short(label)}” now leads to {short(address)} on {_listed(changed)}."


def _is_called(document: Document, link: Element, label: str) -> bool:
    spoken = [document.words(link), link.attributes.get("aria-label", "")]
    spoken += [image.attributes.get("alt", "") for image in link.find("img")]
    wanted = straight(label).casefold()
    return any(straight(text).casefold() == wanted for text in spoken if text)


def _listed(paths: list[str]) -> str:
    if len(paths) > 8:
        return f"{len(paths)} pages"
    return ", ".join(paths[:-1]) + " and " * (len(paths) > 1) + paths[-1]
