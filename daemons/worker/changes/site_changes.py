"""Tells what a version changed for a person: page by page, equal changes of many pages together, then other files."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from daemons.worker.changes.excerpts import shortened
from daemons.worker.changes.looks import Looks
from daemons.worker.changes.page_changes import page_changes, together
from daemons.worker.changes.regions import on_page
from daemons.worker.checks.addresses import file_of
from daemons.worker.checks.page_blocks import PageBlocks
from shared.domain.file_kinds import FileKind, file_kind
from shared.domain.visible_changes import (
    MOST_CHANGES,
    MOST_PAGES_NAMED,
    ChangeOf,
    Region,
    VisibleChange,
    VisibleChanges,
)

_FILE_CHANGES = {
    (False, True): ChangeOf.FILE_ADDED,
    (True, True): ChangeOf.FILE_CHANGED,
    (True, False): ChangeOf.FILE_REMOVED,
}


@dataclass(frozen=True)
class SeenSite:
    """A version as the browser saw it: its served files with their digests, and the blocks of its pages.

    `pages` lacks those that could not be read. `looks` are the places where a page looks otherwise that
    reads as before.
    """

    files: Mapping[str, str]
    pages: Mapping[str, PageBlocks]
    looks: Mapping[str, Looks] = field(default_factory=dict[str, Looks])


def site_changes(before: SeenSite, after: SeenSite, touched: Collection[str]) -> VisibleChanges:
    """What changed from `before` to `after`; `touched` are the pages that may look otherwise."""
    replaced = {path for path, digest in after.files.items() if before.files.get(path, digest) != digest}

    def is_replaced(address: str) -> bool:
        return file_of(address.partition("#")[0], after.files.keys()) in replaced

    found: dict[VisibleChange, list[str]] = {}
    places: dict[VisibleChange, tuple[Region, ...]] = {}
    unread: list[str] = []
    for page in touched:
        if page not in before.files or page not in after.files:
            continue
        if page not in before.pages or page not in after.pages:
            unread.append(page)
            continue
        for change in together(page_changes(before.pages[page], after.pages[page], is_replaced, after.looks.get(page))):
            anywhere = _of_any_page(change)
            found.setdefault(anywhere, []).append(page)
            places.setdefault(anywhere, on_page(change.regions, page))
    of_pages = (_on(change, pages, places[change]) for change, pages in found.items())
    changes = [*_whole_pages(before, after), *of_pages]
    changes += _other_files(before.files, after.files, changes)
    return VisibleChanges(
        changes=tuple(changes[:MOST_CHANGES]),
        total=len(changes),
        unread=tuple(unread[:MOST_PAGES_NAMED]),
        unread_count=len(unread),
    )


def _whole_pages(before: SeenSite, after: SeenSite) -> Iterator[VisibleChange]:
    for path in sorted(after.files.keys() - before.files.keys()):
        if file_kind(path) is FileKind.PAGE:
            yield _page(ChangeOf.PAGE_ADDED, path, after)
    for path in sorted(before.files.keys() - after.files.keys()):
        if file_kind(path) is FileKind.PAGE:
            yield _page(ChangeOf.PAGE_REMOVED, path, before)


def _page(of: ChangeOf, path: str, site: SeenSite) -> VisibleChange:
    title = site.pages[path].head.title if path in site.pages else ""
    return VisibleChange(of=of, named=shortened(title), pages=(path,), page_count=1)


def _of_any_page(change: VisibleChange) -> VisibleChange:
    """The change as other pages have it too: only of new and lost parts does the number belong to it."""
    is_whole = change.of in (ChangeOf.ADDED, ChangeOf.REMOVED)
    return change.model_copy(update={"regions": ()} if is_whole else {"regions": (), "parts": 1})


def _on(change: VisibleChange, pages: list[str], regions: tuple[Region, ...]) -> VisibleChange:
    where = {"pages": tuple(pages[:MOST_PAGES_NAMED]), "page_count": len(pages), "regions": regions}
    return change.model_copy(update=where)


def _other_files(
    before: Mapping[str, str], after: Mapping[str, str], told: list[VisibleChange]
) -> Iterator[VisibleChange]:
    """Changed files that are no pages: a picture that a page shows is told there, style and script by what they do."""
    shown = {file_of(change.after.partition("#")[0], after.keys()) for change in told if change.of is ChangeOf.PICTURE}
    for path in sorted(before.keys() | after.keys()):
        kind = file_kind(path)
        if before.get(path) == after.get(path) or kind is FileKind.PAGE or path in shown:
            continue
        if kind in (FileKind.STYLE, FileKind.SCRIPT) and told:
            continue
        yield VisibleChange(of=_FILE_CHANGES[path in before, path in after], what=kind, named=shortened(path))
