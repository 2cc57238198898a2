"""Reads from a site's source how its owner may call its pages: titles, headlines, and links that lead to them."""

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from daemons.worker.checks.addresses import file_of, is_page
from daemons.worker.scope.words import plain
from daemons.worker.text.text_codec import encoding_of
from shared.domain.file_kinds import FileKind, file_kind
from shared.domain.tree import Tree

# So many pages are asked how they call the others: on most sites each one has the whole navigation.
_ASKED = 5
_LONGEST_NAME = 80
_HIDDEN = re.compile(r"<(script|style|template|noscript)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_TITLE = re.compile(r"<title[^>]*>([^<]*)", re.IGNORECASE)
_HEADLINE = re.compile(r"<h1\b[^>]*>(.*?)</h1", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"<a\b[^>]*?\bhref\s*=\s*[\"']?([^\"'\s>#?]+)[^>]*>(.*?)</a\s*>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class NamedPage:
    """A page and what it is called; `text` is all that can be read on it, in small letters without accents."""

    path: str
    title: str = ""
    headline: str = ""
    labels: tuple[str, ...] = ()
    text: str = ""


def named_pages(source: Tree, *, with_texts: bool) -> tuple[NamedPage, ...]:
    """The pages of a source, then its documents, which only their files name; without texts it takes less time."""
    paths = sorted(filter(is_page, source), key=lambda path: (path.count("/"), path != "index.html", path))
    texts = {path: read_text(path, source[path]) for path in paths}
    labels = _labels([(path, texts[path]) for path in paths[:_ASKED]], source)
    documents = (NamedPage(path) for path in sorted(source) if file_kind(path) is FileKind.DOCUMENT)
    read = (
        NamedPage(
            path=path,
            title=_bare(found[1]) if (found := _TITLE.search(markup)) else "",
            headline=_bare(found[1]) if (found := _HEADLINE.search(markup)) else "",
            labels=tuple(labels[path]),
            text=plain(_bare(_HIDDEN.sub(" ", markup))) if with_texts else "",
        )
        for path, markup in texts.items()
    )
    return (*read, *documents)


def read_text(path: str, data: bytes) -> str:
    """A text file as its encoding has it; what does not fit is replaced."""
    return data.decode(encoding_of(path, data).codec, errors="replace")


def _labels(pages: list[tuple[str, str]], source: Tree) -> defaultdict[str, dict[str, None]]:
    """By page, the texts of links that lead to it."""
    labels: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for path, markup in pages:
        for target, text in _links(path, markup, source):
            if text and len(text) <= _LONGEST_NAME:
                labels[target][text] = None
    return labels


def _links(path: str, markup: str, source: Tree) -> Iterator[tuple[str, str]]:
    for found in _LINK.finditer(markup):
        if ":" not in found[1] and (target := file_of(_absolute(path, found[1]), source.keys())):
            yield target, _bare(found[2])


def _absolute(page: str, address: str) -> str:
    """An address on a page, from the site's root."""
    steps = [] if address.startswith("/") else page.split("/")[:-1]
    for step in address.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/" + "/".join(steps) + ("/" if address.endswith("/") and steps else "")


def _bare(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())
