"""Which pages are loaded and pictured."""

import pytest

from daemons.worker.checks.closure import closure
from daemons.worker.checks.report import PageRecord
from daemons.worker.checks.selection import Selection, coverage, select
from shared.domain.manifest import Blob, Changes, FileChange, Screenshot
from tests.support.observations import addresses, page

FILES = {path: path for path in ("404.html", "about.html", "blog/post.html", "index.html", "style.css")}
PAGES = [path for path in FILES if path.endswith(".html")]


def _modified(*paths: str) -> Changes:
    return Changes(modified=tuple(FileChange(path=path, before="0" * 64, after="1" * 64) for path in paths))


def _shots(*pages: str) -> list[Screenshot]:
    image = Blob(sha256="2" * 64, size=1)
    return [Screenshot(page=page, viewport=v, image=image) for page in pages for v in ("desktop", "phone", "small")]


def _records(*paths: str) -> dict[str, PageRecord]:
    """These pages as they were seen with FILES; each loads the style."""
    seen = [page(path, loads=addresses(f"/{path}", "/style.css")) for path in paths]
    return {one.path: PageRecord(page=one, closure=closure(one, FILES, "156"), looked=1, text=1) for one in seen}


def _edit(changes: Changes, *known: str, shots: tuple[str, ...] = ()) -> Selection:
    """What is chosen after an edit of a site whose pages `known` were looked at."""
    files = FILES | {change.path: "new" for change in changes.modified}
    return select(files, changes, _shots(*shots), _records(*known), "156")


def test_the_home_page_comes_first_then_what_changed() -> None:
    chosen = select(FILES, _modified("blog/post.html"), [], {}, "156")
    assert chosen.pages == ("index.html", "blog/post.html", "404.html", "about.html")
    assert chosen.pictured == chosen.pages


def test_only_what_changed_is_looked_at_again() -> None:
    chosen = _edit(_modified("about.html"), *PAGES, shots=tuple(PAGES))
    assert (chosen.pages, chosen.needed, chosen.pictured) == (("about.html",), 1, ("about.html",))
    assert sorted(chosen.kept) == ["404.html", "blog/post.html", "index.html"]
    assert {shot.page for shot in chosen.shots} == {"404.html", "blog/post.html", "index.html"}
    assert list(chosen.stale) == ["about.html"]


def test_a_changed_style_makes_every_page_that_loads_it_new() -> None:
    chosen = _edit(_modified("style.css"), *PAGES, shots=tuple(PAGES))
    assert (sorted(chosen.pages), chosen.shots, dict(chosen.kept)) == (PAGES, (), {})


def test_what_nobody_has_looked_at_comes_last() -> None:
    chosen = _edit(_modified("about.html"), "index.html", "about.html", shots=("index.html",))
    assert chosen.pages[0] == "about.html"
    assert set(chosen.pages[chosen.needed :]) <= {"404.html", "blog/post.html"}


def test_a_page_is_no_longer_known_when_it_is_gone() -> None:
    files = {path: digest for path, digest in FILES.items() if path != "about.html"}
    gone = Changes(removed=(FileChange(path="about.html", before="0" * 64, after=None),))
    chosen = select(files, gone, _shots(*PAGES), _records(*PAGES), "156")
    assert chosen.pages == ()
    assert "about.html" not in {*chosen.kept, *chosen.stale, *(shot.page for shot in chosen.shots)}


def test_a_picture_is_taken_once() -> None:
    """A site with more pages than pictures: those that have one keep it, whatever was changed in between."""
    files = {"index.html": "i"} | {f"p{n:02}.html": "p" for n in range(40)}
    shown = ["index.html", *(f"p{n:02}.html" for n in range(20, 31))]
    seen = [page(path, loads=addresses(f"/{path}")) for path in files]
    records = {one.path: PageRecord(page=one, closure=closure(one, files, "1"), looked=1, text=1) for one in seen}
    chosen = select(files | {"p05.html": "new"}, _modified("p05.html"), _shots(*shown), records, "1")
    assert (chosen.pages, len({shot.page for shot in chosen.shots})) == (("p05.html",), 11)


@pytest.mark.parametrize("path", ["LOGIN.HTML", "Prices.HTM", "a.xhtml", "logo.svg", "feed.xml"])
def test_every_document_is_looked_at(path: str) -> None:
    assert path in select(FILES | {path: "x"}, Changes(), [], {}, "156").pages


def test_what_was_left_out_is_said() -> None:
    assert coverage(412, 1_169) == "412 of 1,169 pages were looked at"
    assert coverage(5, 5) is None


def test_a_home_page_without_a_small_picture_gets_one() -> None:
    """A release that took none made the version before; the other pages keep what they have."""
    old = [shot for shot in _shots(*PAGES) if shot.viewport != "small"]
    chosen = select(FILES, _modified(), old, _records(*PAGES), "156")
    assert (chosen.pages, chosen.pictured) == (("index.html",), ("index.html",))
    assert {shot.page for shot in chosen.shots} == {"404.html", "about.html", "blog/post.html"}
