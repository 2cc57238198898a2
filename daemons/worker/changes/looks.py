"""Tells which parts of a page look otherwise though they read as before, from where its two pictures differ."""

from collections.abc import Iterator, Mapping, Sequence

from daemons.worker.changes.excerpts import shortened
from daemons.worker.changes.places import where
from daemons.worker.checks.page_blocks import Block, PageBlocks, PageBox
from shared.domain.visible_changes import ChangeOf, Region, VisibleChange

# Where two pictures of a page differ, by viewport.
Looks = Mapping[str, Sequence[PageBox]]


def look_changes(looks: Looks, blocks: PageBlocks) -> Iterator[VisibleChange]:
    """One change for each place: the part there, or the page if no part is."""
    for viewport, boxes in looks.items():
        for box in boxes:
            region = Region(page="", viewport=viewport, before=box, after=box)
            part = _part_at(box, viewport, blocks.blocks)
            if part:
                yield VisibleChange(
                    of=ChangeOf.LOOK, what=part.role, where=where(part), named=shortened(part.text), regions=(region,)
                )
            else:
                yield VisibleChange(of=ChangeOf.LOOK, regions=(region,))


def _part_at(box: PageBox, viewport: str, blocks: Sequence[Block]) -> Block | None:
    """The smallest part around the middle of the box, else the first one that the box reaches.

    Of an area and the text in it that is as large, the text is named.
    """
    boxes = [(one, block) for block in blocks if (one := block.box if viewport == "desktop" else block.phone)]
    middle = (box[0] + box[2] // 2, box[1] + box[3] // 2, 1, 1)
    around = [(one[2] * one[3], -n) for n, (one, _) in enumerate(boxes) if _touch(one, middle)]
    reached = [block for one, block in boxes if _touch(one, box)]
    if around:
        return boxes[-min(around)[1]][1]
    return reached[0] if reached else None


def _touch(one: PageBox, other: PageBox) -> bool:
    return all(one[n] < other[n] + other[n + 2] and other[n] < one[n] + one[n + 2] for n in (0, 1))
