"""Finds and reads a page's headline, and changes its words without losing its anchors and links."""

import html
import re
from itertools import chain

from daemons.model.practice.editor.markup import Document, Edit, Element, escape

_HEADLINE_WORDS = frozenset({"heading", "headline", "title"})
_PERMALINKS = frozenset(
    {"anchor", "anchor-link", "hash-link", "header-anchor", "header-link", "headerlink", "permalink"}
)
_BREAKS = ("br", "wbr")

TextRun = tuple[int, int]


def headline(document: Document) -> Element | None:
    """The page's headline: its first h1 with words, else what is styled as one, else its first h2."""
    h1 = (element for element in document.root.walk() if element.tag == "h1")
    styled = (e for e in document.root.walk() if not e.children and _is_styled(e))
    h2 = (element for element in document.root.walk() if element.tag == "h2")
    return next((element for element in chain(h1, styled, h2) if document.words(element)), None)


def _is_styled(element: Element) -> bool:
    return any(name.split("-")[-1] in _HEADLINE_WORDS for name in element.classes)


def headline_words(document: Document, element: Element) -> str:
    """What a headline says, without the mark of a link to its own place."""
    return " ".join(html.unescape("".join(document.text[a:b] for a, b in _title_runs(document, element))).split())


def headline_edits(document: Document, element: Element, text: str) -> tuple[list[Edit], list[str]]:
    """The edits that give a headline other words, and the words of the links that this removes.

    Anchors, links and pictures stay. A link around words, or a box around all words, gets the new ones.
    """
    runs = _title_runs(document, element)
    host = _host(element, runs)
    first = next(run for run in runs if _holds(host, run))
    edits: list[Edit] = [(*_trimmed(document.text, first), escape(text))]
    edits += [(*run, "") for run in runs if run != first]
    emptied = [e for e in element.walk() if _holds_any(e, runs) and not _holds_all(e, host) and not _is_anchor(e)]
    for old in emptied:
        edits += [(old.start, old.inner_start, ""), (old.inner_end, old.end, "")]
    edits += [(mark.start, mark.end, "") for mark in element.find(*_BREAKS)]
    return edits, [document.words(link) for link in emptied if link.tag == "a"]


def _title_runs(document: Document, element: Element) -> list[TextRun]:
    """The runs of words, without those of a link that only marks its own place."""
    runs = [run for run in document.runs_in(element) if document.text[slice(*run)].strip()]
    marks = [link for link in element.find("a") if _is_permalink(document, link)]
    return [run for run in runs if not any(_holds(mark, run) for mark in marks)] or runs


def _is_permalink(document: Document, link: Element) -> bool:
    is_named = bool(_PERMALINKS & set(link.classes))
    return "#" in link.attributes.get("href", "") and (is_named or not re.search(r"\w", document.words(link)))


def _host(element: Element, runs: list[TextRun]) -> Element:
    """The element for the new words: the first link with words, else the innermost box around all words."""
    links = [link for link in element.find("a") if "href" in link.attributes and _holds_any(link, runs)]
    host = links[0] if links else element
    inside = [run for run in runs if _holds(host, run)]
    boxes = [box for box in host.walk() if all(_holds(box, run) for run in inside)]
    return boxes[-1] if boxes else host


def _holds(element: Element, run: TextRun) -> bool:
    return element.inner_start <= run[0] and run[1] <= element.inner_end


def _holds_any(element: Element, runs: list[TextRun]) -> bool:
    return any(_holds(element, run) for run in runs)


def _holds_all(element: Element, host: Element) -> bool:
    """Whether an element is the host or around it."""
    return element.start <= host.start and host.end <= element.end


def _is_anchor(element: Element) -> bool:
    """Whether links may lead to it."""
    return bool(element.attributes.get("id") or (element.tag == "a" and element.attributes.get("name")))


def _trimmed(text: str, run: TextRun) -> TextRun:
    """The run without the blanks around its words."""
    words = text[slice(*run)]
    return run[0] + len(words) - len(words.lstrip()), run[1] - len(words) + len(words.rstrip())
