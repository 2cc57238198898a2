"""Makes the twelve tasks of a site from what is found on it: an owner's words in the site's language, and the edit."""

import re
from collections import defaultdict
from functools import cache

from bench.keep import landmarks
from bench.keep.edits import Hunk, SiteEdit
from bench.keep.landmarks import Spot
from bench.keep.markup import encoded
from bench.keep.new_pages import language_task, menu_task, notice_task
from bench.keep.page_names import place_of
from bench.keep.sites import BenchSite, site
from bench.keep.styles import drawing, pdf
from bench.keep.tasks import Assertion, Holds, Task, TaskKind

_TIME = re.compile(r"\d{1,2}([:.])\d\d")


def said(bench: BenchSite, english: str, german: str) -> str:
    """A request in the site's language."""
    return german if bench.is_german else english


def edit_of(bench: BenchSite, spots: list[Spot], new: str) -> SiteEdit:
    """The edit that puts the new text into each of the spots."""
    hunks: dict[str, list[Hunk]] = defaultdict(list)
    for spot in spots:
        hunks[spot.path].append(Hunk(spot.start, spot.end, encoded(bench.tree[spot.path], new)))
    return SiteEdit({path: tuple(found) for path, found in hunks.items()})


def hours_task(bench: BenchSite) -> Task:
    """New hours, wherever they stand."""
    spots = landmarks.hours(bench.tree)
    old = spots[0].text
    new = _TIME.sub(r"6\g<1>45", old, count=1)
    request = said(
        bench,
        f"Change the opening hours on all pages from “{old}” to “{new}”.",
        f"Ändere die Öffnungszeiten auf allen Seiten von „{old}“ zu „{new}“.",
    )
    held = tuple(Assertion(spot.path, Holds.TEXT, new) for spot in spots)
    return Task(bench.name, TaskKind.HOURS, request, edit_of(bench, spots, new), held)


def price_task(bench: BenchSite) -> Task:
    """One price in a table."""
    spot = landmarks.prices(bench.tree)[0]
    new = re.sub(r"\d\d\Z", "95" if not spot.text.endswith("95") else "45", spot.text)
    place = place_of(bench.tree, spot.path, is_german=bench.is_german)
    request = said(
        bench,
        f"Change the price “{spot.text}” {place} to “{new}”.",
        f"Ändere {place} den Preis „{spot.text}“ zu „{new}“.",
    )
    held = (Assertion(spot.path, Holds.TEXT, new),)
    return Task(bench.name, TaskKind.PRICE, request, edit_of(bench, [spot], new), held)


def photo_task(bench: BenchSite) -> Task:
    """Another picture, with what it shows."""
    path, picture = landmarks.photos(bench.tree)[0]
    place = place_of(bench.tree, path, is_german=bench.is_german)
    old, new = picture.value("alt"), said(bench, "The new view from the street", "Der neue Blick von der Straße")
    request = said(
        bench,
        f"Replace the picture “{old}” {place} by the attached new-view.svg. It shows: “{new}”.",
        f"Ersetze {place} das Bild „{old}“ durch new-view.svg aus dem Anhang. Darauf ist: „{new}“.",
    )
    folder = landmarks.resolved(path, picture.value("src")).rpartition("/")[0]
    file = f"{folder}/new-view.svg".lstrip("/")
    address = picture.value("src").rpartition("/")[0]
    hunks = [
        Hunk(found[0], found[1], encoded(bench.tree[path], value), (picture.start + 4, picture.end - 1))
        for name, value in (("src", f"{address}/new-view.svg".lstrip("/")), ("alt", new))
        if (found := picture.attribute(name))
    ]
    data = drawing("#3a7a5a")
    edit = SiteEdit({path: tuple(hunks)}, {file: data})
    return Task(
        bench.name, TaskKind.PHOTO, request, edit, (Assertion(path, Holds.ALT, new),), attached={"new-view.svg": data}
    )


def document_task(bench: BenchSite) -> Task:
    """A new edition under the old address."""
    _, file = landmarks.documents(bench.tree)[0]
    name, data = file.rpartition("/")[2], pdf("second edition")
    request = said(
        bench,
        f"Replace {name} by the attached file, under the same address.",
        f"Ersetze {name} durch die angehängte Datei.",
    )
    held = (Assertion(file, Holds.BYTES, data),)
    return Task(bench.name, TaskKind.DOCUMENT, request, SiteEdit({}, {file: data}), held, attached={name: data})


def person_task(bench: BenchSite) -> Task:
    """Somebody has left."""
    spot = landmarks.entries(bench.tree)[1]
    data = bench.tree[spot.path]
    place = place_of(bench.tree, spot.path, is_german=bench.is_german)
    start = len(data[: spot.start].rstrip())
    end = spot.end + len(data[spot.end :]) - len(data[spot.end :].lstrip())
    edit = SiteEdit({spot.path: (Hunk(min(start, spot.start), spot.end, b"", (start, end)),)})
    request = said(bench, f"Remove “{spot.text}” {place}.", f"Entferne {place} „{spot.text}“.")
    return Task(bench.name, TaskKind.PERSON, request, edit, (Assertion(spot.path, Holds.NO_TEXT, spot.text),))


def link_task(bench: BenchSite) -> Task:
    """Another phone number, mail address or site, wherever it is linked."""
    old, spots = landmarks.common_link(bench.tree)
    scheme, _, shown = old.partition(":")
    new = {"tel": "tel:+49305550199", "mailto": "mailto:office@example.org"}.get(
        scheme, "https://example.org/elsewhere"
    )
    texts = [
        landmarks.trimmed(path, one, text)
        for path in landmarks.by_page(spots)
        for _, one, text in landmarks.texts_of(bench.tree, path)
        if text == shown and one.inside[-1:] == ("a",)
    ]
    edit = edit_of(bench, spots, new)
    for spot in texts:
        edit = edit.also(spot.path, Hunk(spot.start, spot.end, new.partition(":")[2].encode()))
    request = said(bench, f"Change the link {old} to {new} everywhere.", f"Ändere den Link {old} überall zu {new}.")
    held = [
        Assertion(spot.path, holds, to) for spot in spots for holds, to in ((Holds.LINK, new), (Holds.NO_LINK, old))
    ]
    return Task(bench.name, TaskKind.LINK, request, edit, tuple(held))


def typo_task(bench: BenchSite) -> Task:
    """A word that is misspelt."""
    typo = bench.typo
    data = bench.tree[typo.path]
    wrong = encoded(data, typo.wrong)
    at = data.index(wrong)
    place = place_of(bench.tree, typo.path, is_german=bench.is_german)
    request = said(
        bench,
        f"There is a typo {place}: “{typo.wrong}” should be “{typo.right}”.",
        f"{place[0].upper()}{place[1:]} ist ein Tippfehler: „{typo.wrong}“ muss „{typo.right}“ heißen.",
    )
    edit = SiteEdit({typo.path: (Hunk(at, at + len(wrong), encoded(data, typo.right)),)})
    held = (Assertion(typo.path, Holds.TEXT, typo.right), Assertion(typo.path, Holds.NO_TEXT, typo.wrong))
    return Task(bench.name, TaskKind.TYPO, request, edit, held)


def year_task(bench: BenchSite) -> Task:
    """Happy new year."""
    spots = landmarks.years(bench.tree)
    new = "2027"
    request = said(
        bench,
        f"Set the year in the footer of all pages to {new}.",
        f"Setze das Jahr in der Fußzeile aller Seiten auf {new}.",
    )
    held = tuple(Assertion(spot.path, Holds.TEXT, new) for spot in spots)
    return Task(bench.name, TaskKind.YEAR, request, edit_of(bench, spots, new), held)


def impossible_task(bench: BenchSite) -> Task:
    """What no static site can do: nothing may change."""
    request = said(
        bench,
        "Send me an e-mail whenever somebody visits the site.",
        "Schick mir eine E-Mail, wenn jemand die Seite besucht.",
    )
    return Task(bench.name, TaskKind.IMPOSSIBLE, request, SiteEdit())


_MAKERS = {
    TaskKind.HOURS: hours_task,
    TaskKind.PRICE: price_task,
    TaskKind.PHOTO: photo_task,
    TaskKind.DOCUMENT: document_task,
    TaskKind.NOTICE: notice_task,
    TaskKind.MENU: menu_task,
    TaskKind.LANGUAGE: language_task,
    TaskKind.PERSON: person_task,
    TaskKind.LINK: link_task,
    TaskKind.TYPO: typo_task,
    TaskKind.YEAR: year_task,
    TaskKind.IMPOSSIBLE: impossible_task,
}


@cache
def task(name: str, kind: TaskKind) -> Task:
    """One task of a site."""
    return _MAKERS[kind](site(name))
