"""Chooses which pages the browser loads, and which of them need a new picture; does no I/O."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from daemons.worker.checks.addresses import home_page, is_page
from daemons.worker.checks.closure import closure
from daemons.worker.checks.report import PageRecord
from shared.domain.manifest import SMALL, Changes, Screenshot
from shared.domain.serving.media_types import is_document

# People look at pictures of the first pages and of those that changed.
_MOST_PICTURES = 12


@dataclass(frozen=True)
class Selection:
    """The browser loads `pages` in this order: the first `needed` changed, the others were never looked at.

    `pictured` get new pictures, `compared` are compared with what was seen of them before. `kept` are records of
    unchanged pages, `shots` are pictures that are still right. `stale` are records of pages that may have changed, used
    if there is no time to look at them.
    """

    pages: tuple[str, ...]
    needed: int
    pictured: tuple[str, ...]
    kept: Mapping[str, PageRecord]
    stale: Mapping[str, PageRecord]
    shots: tuple[Screenshot, ...]
    compared: tuple[str, ...]


def select(
    digests: Mapping[str, str],
    changes: Changes,
    shots: Sequence[Screenshot],
    records: Mapping[str, PageRecord],
    browser: str,
) -> Selection:
    """Choose among the public files, given with their digests; `shots` and `records` are those of the version before.

    The home page comes first, then what changed, then other pages by depth and name, then other documents.
    """
    touched = changes.paths
    order = _in_order(digests.keys(), touched)
    known = {path: records[path] for path in order if path in records}
    kept = {path: one for path, one in known.items() if one.closure == closure(one.page, digests, browser) != ""}
    held = {shot.page for shot in shots} & kept.keys()
    if not any(shot.page in order[:1] and shot.viewport == SMALL for shot in shots):
        held -= set(order[:1])  # an older release made the pictures, and lists show a small one of the home page
    shown = _shown(order, touched, held)
    pictured = [path for path in order if path in shown - held]
    needed = [path for path in order if (path in known and path not in kept) or path in touched or path in pictured]
    rest = [path for path in order if path not in known and path not in needed]
    return Selection(
        pages=(*needed, *rest),
        needed=len(needed),
        pictured=tuple(pictured),
        kept={path: one for path, one in kept.items() if path not in needed},
        stale={path: one for path, one in known.items() if path in needed},
        shots=tuple(shot for shot in shots if shot.page in held & shown),
        compared=tuple(path for path in needed if path in known and is_page(path)),
    )


def _in_order(files: Collection[str], touched: Collection[str]) -> list[str]:
    home = home_page(files)
    return sorted(
        filter(is_document, files),
        key=lambda path: (path != home, path not in touched, not is_page(path), path.count("/"), path),
    )


def _shown(order: Sequence[str], touched: Collection[str], held: Collection[str]) -> set[str]:
    """The pages with pictures: the home page, what changed, then pages that have one already, so that it stays."""
    pages = [path for path in order if is_page(path)]
    ranked = sorted(pages, key=lambda path: (path != order[0], path not in touched, path not in held))
    return set(ranked[:_MOST_PICTURES])


def coverage(looked_at: int, pages: int) -> str | None:
    """The finding if the browser did not look at all pages, else None."""
    return None if looked_at == pages else f"{looked_at:,} of {pages:,} pages were looked at"
