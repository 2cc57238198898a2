"""Names a page as its owner does: by the text of the link in the menu that leads there, else by its title."""

import re

from bench.keep.landmarks import headlines, pages_of, resolved, tags
from bench.keep.markup import element_at, plain
from shared.domain.tree import Tree

_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)


def name_of(tree: Tree, path: str) -> str:
    """What the page is called."""
    for page, number, one, to in tags(tree, "a", "href"):
        if page == "index.html" and resolved(page, to) == path and "#" not in to:
            start, end = element_at(tree[page], number)
            text = plain(tree[page], tree[page][start:end])
            if one.inside and text:
                return text
    titled = _TITLE.search(tree[path])
    return (plain(tree[path], titled[1]) if titled else "") or next((one.text for one in headlines(tree, path)), path)


def place_of(tree: Tree, path: str, *, is_german: bool) -> str:
    """Where something stands, as a part of a sentence."""
    if path == pages_of(tree)[0]:
        return "auf der Startseite" if is_german else "on the home page"
    name = name_of(tree, path)
    alone = sum(name_of(tree, other) == name for other in pages_of(tree)) == 1
    named = name if alone else path
    return f"auf der Seite „{named}“" if is_german else f"on the page “{named}”"
