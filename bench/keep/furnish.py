"""Gives a site what requests are about and it lacks: pages, a menu, hours, prices, people, a document; then a typo."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bench.keep import landmarks
from bench.keep.edits import Hunk, spliced
from bench.keep.markup import encoded, plain
from bench.keep.styles import YEAR, drawing, pdf
from shared.domain.tree import Tree

_PAGES = {"prices.html": "Prices", "people.html": "People", "visit.html": "Visit us", "news.html": "News"}
_HOURS = "<p>Monday to Friday 8:00 to 16:00</p>"
_LINES = ("Everything that we offer is made in our own house.", "Ask us if you can't find what you are looking for.")
_PRICES = "<table><tr><td>Small box</td><td>12.50</td></tr><tr><td>Large box</td><td>18.90</td></tr></table>"
_PEOPLE = "<ul><li>Ada Miller, planning</li><li>Ben Okafor, building</li><li>Carla Rossi, office</li></ul>"
_LONG_WORD = re.compile(r"\b[a-zäöü]{7,}\b")


@dataclass(frozen=True)
class Typo:
    """A word of a page that is misspelt, once, and how it should be."""

    path: str
    wrong: str
    right: str


def furnished(tree: Tree) -> Tree:
    """The site with at least five pages, and all that requests are about."""
    if len(landmarks.pages_of(tree)) < 5:
        tree = _with_pages(tree)
    home, *others = landmarks.pages_of(tree)
    needed: list[tuple[Callable[[Tree], bool], list[str], str]] = [
        (lambda site: len(landmarks.hours(site)) >= 4, [home, *others[:3]], _HOURS),
        (lambda site: bool(landmarks.prices(site)), others[:1], _PRICES),
        (lambda site: len(landmarks.entries(site)) > 1, others[1:2], _PEOPLE),
        (lambda site: bool(landmarks.documents(site)), [home], '<p><a href="files/guide.pdf">Our guide</a></p>'),
        (lambda site: bool(landmarks.photos(site)), [home], '<p><img src="images/house.svg" alt="Our house"></p>'),
        (lambda site: len(landmarks.by_page(landmarks.common_link(site)[1])) > 3, [home, *others],
         '<p><a href="tel:+49305550142">+49305550142</a></p>'),
        (lambda site: len(landmarks.by_page(landmarks.years(site))) > 3, [home, *others], f"<p>© {YEAR}</p>"),
    ]  # fmt: skip
    for has, pages, piece in needed:
        if not has(tree):
            tree = {**tree, **{path: _at_end(tree[path], piece) for path in pages}}
    files = {"files/guide.pdf": pdf("first edition"), "images/house.svg": drawing("#557755")}
    return {**tree, **{path: data for path, data in files.items() if _is_named(tree, path)}}


def _is_named(tree: Tree, path: str) -> bool:
    return any(path.encode() in data for one, data in tree.items() if one.endswith(".html"))


def _with_pages(tree: Tree) -> Tree:
    """The site with four pages more, in the look of its home page, and a menu on pages that have none."""
    home = tree["index.html"]
    menu = "".join(f'<a href="{path}">{name}</a> ' for path, name in {"index.html": "Home", **_PAGES}.items())
    nav = f"<nav>{menu}</nav>"
    lines = "".join(f"<p>{line}</p>" for line in _LINES)
    new = {path: _like(home, f"{nav}<h1>{name}</h1>{lines}", name) for path, name in _PAGES.items()}
    old = {path: _at_end(tree[path], nav) for path in landmarks.pages_of(tree) if "/" not in path}
    return {**tree, **old, **new}


def _like(home: bytes, body: str, title: str) -> bytes:
    """A page with the home page's head and this body."""
    start = re.search(rb"<body[^>]*>", home, re.IGNORECASE)
    head = home[: start.start()] if start else b""
    head = re.sub(rb"<script\b.*?</script>", b"", head, flags=re.DOTALL | re.IGNORECASE)
    head = re.sub(rb"(<title[^>]*>).*?(</title>)", rb"\g<1>" + title.encode() + rb"\2", head, flags=re.DOTALL)
    return head + b"<body>\n" + encoded(home, body) + b"\n</body>\n</html>\n"


def _at_end(page: bytes, piece: str) -> bytes:
    place = page.lower().rfind(b"</body>")
    place = len(page) if place < 0 else place
    return page[:place] + encoded(page, piece) + b"\n" + page[place:]


def with_typo(tree: Tree) -> tuple[Tree, Typo]:
    """The site with two letters of a long word swapped, in the first sentence that has one."""
    for path in landmarks.pages_of(tree):
        for spot in landmarks.sentences(tree, path):
            source = tree[path][spot.start : spot.end]
            for word in _LONG_WORD.findall(spot.text):
                wrong = word[:3] + word[4] + word[3] + word[5:]
                at = source.find(encoded(tree[path], word))
                if wrong != word and at >= 0 and plain(tree[path], tree[path]).count(word) == 1:
                    start = spot.start + at
                    hunk = Hunk(start, start + len(encoded(tree[path], word)), encoded(tree[path], wrong))
                    return {**tree, path: spliced(tree[path], [hunk])}, Typo(path, wrong, word)
    raise ValueError("the site has no sentence with a long word")
