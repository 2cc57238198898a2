"""Tells where a change is seen on a page, at both widths, from the blocks before and after."""

from collections.abc import Iterable, Sequence

from daemons.worker.checks.page_blocks import Block
from shared.domain.visible_changes import MOST_REGIONS, Box, Region, VisibleChange


def placed(changes: Iterable[VisibleChange], old: Sequence[Block], new: Sequence[Block]) -> list[VisibleChange]:
    """The changes with the places of these blocks; `page` is left to whoever knows it."""
    regions = tuple(filter(_is_somewhere, (_region(viewport, old, new) for viewport in ("desktop", "phone"))))
    return [change.model_copy(update={"regions": regions}) for change in changes]


def joined(one: tuple[Region, ...], other: tuple[Region, ...]) -> tuple[Region, ...]:
    """The places of two equal changes, as many as a change can have."""
    return (*one, *(region for region in other if region not in one))[:MOST_REGIONS]


def on_page(regions: Iterable[Region], page: str) -> tuple[Region, ...]:
    """The same regions, with the page's path."""
    return tuple(region.model_copy(update={"page": page}) for region in regions)


def _region(viewport: str, old: Sequence[Block], new: Sequence[Block]) -> Region:
    return Region(page="", viewport=viewport, before=_around(viewport, old), after=_around(viewport, new))


def _is_somewhere(region: Region) -> bool:
    return bool(region.before or region.after)


def _around(viewport: str, blocks: Sequence[Block]) -> Box | None:
    """The smallest box around all that is seen of these blocks, None if nothing is."""
    boxes = [block.box if viewport == "desktop" else block.phone for block in blocks]
    seen = [box for box in boxes if box and box[2] > 0 and box[3] > 0]
    if not seen:
        return None
    left, top = min(box[0] for box in seen), min(box[1] for box in seen)
    right, bottom = max(box[0] + box[2] for box in seen), max(box[1] + box[3] for box in seen)
    return left, top, right - left, bottom - top
