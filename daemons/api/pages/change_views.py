"""What a version changed, as pages show it: sentences, and parts of both versions' pictures where it is seen; pure."""

from collections.abc import Iterable
from dataclasses import replace

from htmx_ui import links
from htmx_ui.change_parts import Crop, ToldChange, ToldChanges, told_change
from shared.domain.change_sentences import sentence
from shared.domain.colour_names import sample
from shared.domain.manifest import SMALL, Manifest
from shared.domain.visible_changes import Box, ChangeOf, Region, Verdict, VisibleChange, VisibleChanges

WIDTHS = {"desktop": 1280, "phone": 390}
_MARGIN = 24
_SMALLEST_SHARE = 3  # of the picture's width, so that a word is seen with what stands around it
_FLATTEST = 120
# The small picture of a page has what one sees first at a desk. A whole page's may be as large as this in a list.
_FIRST_HEIGHT = 800
_MOST_BYTES = 60_000


def told_seen(seen: VisibleChanges, manifest: Manifest, parent: Manifest | None) -> ToldChanges:
    """All changes of a version, with parts of its pictures and of its parent's."""
    told = [(change.verdict, _told(change, manifest, parent)) for change in seen.changes]
    apart = {verdict: tuple(one for of, one in told if of is verdict) for verdict in Verdict}
    return ToldChanges(
        named=tuple(one for of, one in told if of not in (Verdict.UNASKED, Verdict.DOUBTFUL)),
        others=seen.total - len(seen.changes),
        unasked=apart[Verdict.UNASKED],
        doubtful=apart[Verdict.DOUBTFUL],
        unread=seen.unread_count,
    )


def _told(change: VisibleChange, manifest: Manifest, parent: Manifest | None) -> ToldChange:
    told = told_change(sentence(change))
    if change.of in (ChangeOf.BACKGROUND, ChangeOf.COLOUR):
        told = replace(told, colours=(sample(change.before), sample(change.after)))
    for region in change.regions:
        before = crop(parent, region.page, region.viewport, region.before)
        after = crop(manifest, region.page, region.viewport, region.after)
        if before or after:
            return replace(told, before=before, after=after)
    return told


def first_crop(told: Iterable[ToldChange]) -> Crop | None:
    """What is seen first of the changes in the later version."""
    return next((one.after for one in told if one.after), None)


def crop(manifest: Manifest | None, page: str, viewport: str, box: Box | None) -> Crop | None:
    """A part of a version's picture of a page; None if there is no such picture, or the part is not there."""
    across = WIDTHS.get(viewport)
    if not (manifest and box and across and has_picture(manifest, page, viewport)):
        return None
    address = links.picture(manifest.site, manifest.number, page, viewport)
    return Crop(address, across, window(box, across), box)


def first_part(seen: VisibleChanges, manifest: Manifest) -> ToldChange | None:
    """The first change that is seen on a picture which is small enough for a list; None if there is no such."""
    for change in seen.changes:
        for region in change.regions:
            if part := _small_crop(manifest, region):
                return replace(told_change(sentence(change)), after=part)
    return None


def _small_crop(manifest: Manifest, region: Region) -> Crop | None:
    """A part of the picture of what one sees first, whose pixels are larger, or of a whole page with few bytes."""
    box, width = region.after, WIDTHS["desktop"]
    is_desktop = region.viewport == "desktop" and has_picture(manifest, region.page, SMALL)
    if box and is_desktop and box[1] + min(box[3], _FLATTEST) <= _FIRST_HEIGHT:
        address = links.picture(manifest.site, manifest.number, region.page, SMALL)
        left, top, wide, high = _list_window(box, width)
        return Crop(address, width, (left, min(top, _FIRST_HEIGHT - high), wide, high), box)
    sizes = [one.image.size for one in manifest.pictures if (one.page, one.viewport) == (region.page, region.viewport)]
    part = crop(manifest, region.page, region.viewport, box) if sizes and sizes[0] <= _MOST_BYTES else None
    return replace(part, window=_list_window(part.box, part.across)) if part else None


def _list_window(box: Box, across: int) -> Box:
    """The same in the shape that pictures have in a list; of a high part its beginning."""
    left, top, wide, _ = window(box, across)
    return left, top, wide, wide * 10 // 16


def has_picture(manifest: Manifest, page: str, viewport: str) -> bool:
    """Whether the version has a picture of this page at this width."""
    return any((picture.page, picture.viewport) == (page, viewport) for picture in manifest.pictures)


def window(box: Box, across: int) -> Box:
    """What to show around a box: a third of the width at least, and not higher than wide."""
    left, top, width, height = box
    wide = min(max(width + 2 * _MARGIN, across // _SMALLEST_SHARE), across)
    high = min(max(height + 2 * _MARGIN, _FLATTEST), wide)
    return min(max(left + width // 2 - wide // 2, 0), across - wide), max(top - _MARGIN, 0), wide, high
