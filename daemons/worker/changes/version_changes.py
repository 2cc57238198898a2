"""Compares a version with its parent, as the browser saw the pages of both."""

from collections.abc import Mapping

from daemons.worker.changes.site_changes import SeenSite, site_changes
from daemons.worker.checks.addresses import is_page
from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.page_blocks import PageBlocks, read_blocks
from daemons.worker.checks.selection import Selection
from shared.domain.visible_changes import VisibleChanges


def version_changes(
    history: CheckHistory, files: Mapping[str, str], choice: Selection, seen: Mapping[str, PageObservation]
) -> VisibleChanges | None:
    """What a person sees otherwise than in the parent, on the pages that may have changed; None without a parent."""
    if not history.files:
        return None
    may_differ = choice.pages[: choice.needed]
    before = {path: history.records[path].page for path in may_differ if path in history.records}
    after = {path: seen[path] for path in may_differ if path in seen}
    touched = [path for path in may_differ if is_page(path)]
    looks = {path: page.looks for path, page in after.items() if page.looks}
    return site_changes(SeenSite(history.files, _blocks(before)), SeenSite(files, _blocks(after), looks), touched)


def _blocks(pages: Mapping[str, PageObservation]) -> dict[str, PageBlocks]:
    """The pages that could be read whole: beyond a cut nothing is known of what changed."""
    read = {path: read_blocks(page.blocks) for path, page in pages.items() if _is_seen(page)}
    return {path: blocks for path, blocks in read.items() if blocks and blocks.is_whole}


def _is_seen(page: PageObservation) -> bool:
    return not (page.error or page.unseen or page.incomparable)
