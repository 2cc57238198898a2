"""Equal changes of many pages are told once, new pages and files by name, and pages that were not read as such."""

from daemons.worker.changes.site_changes import SeenSite, site_changes
from daemons.worker.checks.page_blocks import PageBlocks
from shared.domain.visible_changes import ChangeOf
from tests.support.page_blocks import page

FILES = {"index.html": "1", "about.html": "1", "style.css": "1", "menu.pdf": "1"}


def _pages(year: str) -> dict[str, PageBlocks]:
    return {path: page(f"© {year}", title=path) for path in ("index.html", "about.html")}


BEFORE = SeenSite(FILES, _pages("2025"))


def test_a_change_on_many_pages_is_told_once() -> None:
    found = site_changes(BEFORE, SeenSite(FILES, _pages("2026")), ["index.html", "about.html"])
    (change,) = found.changes
    assert (change.after, change.pages, change.page_count) == ("© 2026", ("index.html", "about.html"), 2)


def test_pages_and_files_that_come_and_go_are_named() -> None:
    after = {"index.html": "1", "menu.html": "1", "style.css": "1", "menu.pdf": "2", "prices.pdf": "1"}
    found = site_changes(BEFORE, SeenSite(after, {"menu.html": page("Soup", title="Menu")}), [])
    assert [(one.of, one.named, one.pages) for one in found.changes] == [
        (ChangeOf.PAGE_ADDED, "Menu", ("menu.html",)),
        (ChangeOf.PAGE_REMOVED, "about.html", ("about.html",)),
        (ChangeOf.FILE_CHANGED, "menu.pdf", ()),
        (ChangeOf.FILE_ADDED, "prices.pdf", ()),
    ]


def test_a_style_sheet_is_told_only_if_nothing_looks_otherwise() -> None:
    files = FILES | {"style.css": "2"}
    told = site_changes(BEFORE, SeenSite(files, _pages("2025")), ["index.html"]).changes
    assert [(one.of, one.named) for one in told] == [(ChangeOf.FILE_CHANGED, "style.css")]
    told = site_changes(BEFORE, SeenSite(files, _pages("2026")), ["index.html"]).changes
    assert [one.of for one in told] == [ChangeOf.TEXT]


def test_a_page_that_could_not_be_read_is_told() -> None:
    found = site_changes(BEFORE, SeenSite(FILES, {}), ["index.html"])
    assert (found.unread, found.unread_count) == (("index.html",), 1)
