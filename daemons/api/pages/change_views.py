"""What a version changed, as pages show it: sentences, and parts of both versions' pictures where it is seen; pure."""

from collections.abc import Iterable
from dataclasses import replace

from htmx_ui import links
from htmx_ui.change_parts import Crop, ToldChange, ToldChanges, told_change
from shared.domain.change_sentences import sentence
from shared.domain.colour_names import sample
from shared.domain.manifest import Manifest
from shared.domain.visible_changes import Box, ChangeOf, Verdict, VisibleChange, VisibleChanges

WIDTHS = {"desktop": 1280, "phone": 390}
_MARGIN = 24
_SMALLEST_SHARE = 3  # of the picture's width, so that a word is seen with what stands around it
_FLATTEST = 120


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


def has_picture(manifest: Manifest, page: str, viewport: str) -> bool:
    """Whether the version has a picture of this page at this width."""
    return any((picture.page, picture.viewport) == (page, viewport) for picture in manifest.pictures)


def window(box: Box, across: int) -> Box:
    """What to show around a box: a third of the width at least, and not higher than wide."""
    left, top, width, height = box
    wide = min(max(width + 2 * _MARGIN, across // _SMALLEST_SHARE), across)
    high = min(max(height + 2 * _MARGIN, _FLATTEST), wide)
    return min(max(left + width // 2 - wide // 2, 0), across - wide), max(top - _MARGIN, 0), wide, high
