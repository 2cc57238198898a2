"""Makes the tasks in which something is put in: a notice, a page and its link in each menu, a translated page."""

import re

from bench.keep import landmarks
from bench.keep.edits import Hunk, SiteEdit, spliced
from bench.keep.landmarks import Spot
from bench.keep.markup import Part, element_at, encoded, parts
from bench.keep.page_names import place_of
from bench.keep.sites import BenchSite
from bench.keep.tasks import Assertion, Holds, Task, TaskKind

_DESCRIPTION = re.compile(rb"<meta[^>]*name=[\"']?description\b[^>]*>", re.IGNORECASE)
_TITLE = re.compile(rb"(<title[^>]*>).*?(</title>)", re.DOTALL | re.IGNORECASE)


def notice_task(bench: BenchSite) -> Task:
    """Closed on one day, before the first sentence of the home page."""
    home = "index.html"
    if bench.is_german:
        notice = "Am 24. Dezember 2025 bleibt geschlossen."
        request = f"Schreib oben auf die Startseite den Hinweis: „{notice}“"
    else:
        notice = "We are closed on 24 December 2025."
        request = f"Put a notice at the top of the home page: “{notice}”"
    edit = SiteEdit({home: (_before_sentences(bench, home, notice),)})
    held = (Assertion(home, Holds.TEXT, notice),)
    return Task(bench.name, TaskKind.NOTICE, request, edit, held, free=frozenset({home}))


def _before_sentences(bench: BenchSite, path: str, text: str) -> Hunk:
    """A new element like that of the page's first sentence, before it; without a sentence, at the begin of the body."""
    data = bench.tree[path]
    all_parts = parts(data)
    first = next(iter(landmarks.sentences(bench.tree, path)), None)
    if first is None:
        body = next(one for one in all_parts if one.name == "body")
        return Hunk(body.end, body.end, encoded(data, f"<p>{text}</p>"))
    number = max(n for n, one in enumerate(all_parts) if one.start <= first.start and one.is_text)
    opening = max(n for n in range(number) if all_parts[n].name == all_parts[number].inside[-1])
    return _like(data, opening, text)


def _like(data: bytes, number: int, text: str) -> Hunk:
    opening = parts(data)[number]
    _, end = element_at(data, number)
    breaks = re.match(rb"(?:<br>)*", data[end:], re.IGNORECASE)
    source = re.sub(rb"\s+(?:id|class=\"(?:eyebrow|lead))\"?[^\s>]*", b"", opening.source)
    closing = f"</{opening.name}>".encode() + (breaks[0] if breaks else b"")
    return Hunk(opening.start, opening.start, source + encoded(data, text) + closing)


def menu_task(bench: BenchSite) -> Task:
    """A new page, linked at the end of each menu."""
    tree = bench.tree
    menus = landmarks.menus(tree)
    if bench.is_german:
        name, text = "Gutscheine", "Gutscheine gibt es in jeder Höhe an der Theke."
        request = f"Lege eine neue Seite „{name}“ an mit dem Text „{text}“ und verlinke sie im Menü aller Seiten."
    else:
        name, text = "Vouchers", "Vouchers of any value can be bought at the counter."
        request = f"Add a new page “{name}” with the text “{text}” and link it in the menu of all pages."
    file = f"{name.lower()}.html"
    model = min((path for path in menus if "/" not in path), key=lambda path: len(tree[path]))
    hunks = {path: (_menu_entry(tree[path], spot, link, file, name),) for path, (spot, link) in menus.items()}
    page = _page_like(spliced(tree[model], hunks[model]), name, text)
    held = [Assertion(path, Holds.TEXT, name) for path in menus] + [Assertion("", Holds.TEXT, text)]
    return Task(
        bench.name,
        TaskKind.MENU,
        request,
        SiteEdit(hunks, {file: page}),
        tuple(held),
        free=frozenset(menus),
        adds_page=True,
    )


def _menu_entry(data: bytes, spot: Spot, link: Part, file: str, name: str) -> Hunk:
    """A copy of the menu's last entry that leads to the file."""
    source = data[spot.start : spot.end]
    address = link.attribute("href")
    assert address
    to = "../" * spot.path.count("/") + file
    entry = source.replace(address[2].encode(), to.encode())
    entry = re.sub(rb"\s(?:aria-current|id)=\"[^\"]*\"", b"", entry)
    old = next(one for one in parts(entry) if one.is_text)
    entry = spliced(entry, [Hunk(old.start, old.end, encoded(data, name))])
    before = data[: spot.start]
    blank = before[len(before.rstrip()) :]
    return Hunk(spot.end, spot.end, blank + entry)


def _page_like(data: bytes, title: str, text: str) -> bytes:
    """A page with another title, headline and text: what else stands between them is left out."""
    data = _TITLE.sub(lambda found: found[1] + encoded(data, title) + found[2], data)
    data = _described(data, text)
    tree = {"page.html": data}
    headline = next(iter(landmarks.headlines(tree, "page.html")), None)
    found = landmarks.sentences(tree, "page.html")
    hunks = [Hunk(headline.start, headline.end, encoded(data, title))] if headline else []
    hunks += [Hunk(spot.start, spot.end, encoded(data, text if spot is found[0] else "")) for spot in found]
    return spliced(data, hunks)


def _described(data: bytes, text: str) -> bytes:
    """The page with this description for search engines, as a careful editor gives one."""
    tag = encoded(data, f'<meta name="description" content="{text}">')
    bare = _DESCRIPTION.sub(b"", data)
    return _TITLE.sub(lambda found: found[0] + tag, bare)


def language_task(bench: BenchSite) -> Task:
    """One page in a second language, and a link to it."""
    tree = bench.tree
    path = next(one for one in landmarks.pages_of(tree)[::-1] if "/" not in one and landmarks.sentences(tree, one))
    place = place_of(tree, path, is_german=bench.is_german)
    if bench.is_german:
        code, label, title, text = "en", "English", "In English", "This page tells in short what the German one says."
        page_named = place.removeprefix("auf ")
        request = f"Lege eine englische Fassung {page_named} an und verlinke sie dort mit „{label}“."
    else:
        code, label, title, text = (
            "de",
            "Deutsch",
            "Auf Deutsch",
            "Diese Seite sagt kurz, was auf der englischen steht.",
        )
        request = f"Make a German version of {place.removeprefix('on ')}, and link it there as “{label}”."
    file = path.replace(".html", f"-{code}.html")
    page = _page_like(re.sub(rb"lang=\"\w\w\"", f'lang="{code}"'.encode(), tree[path], count=1), title, text)
    link = _before_sentences(bench, path, "")
    anchor = f'<a href="{file.rpartition("/")[2]}" lang="{code}">{label}</a>'.encode()
    opening, closing = re.split(rb"(?=</)", link.new, maxsplit=1)
    edit = SiteEdit({path: (Hunk(link.start, link.end, opening + anchor + closing),)}, {file: page})
    held = (Assertion(path, Holds.TEXT, label), Assertion("", Holds.TEXT, text))
    return Task(bench.name, TaskKind.LANGUAGE, request, edit, held, free=frozenset({path}), adds_page=True)
