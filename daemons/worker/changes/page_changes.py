"""Tells what changed on one page, part by part, from its matched blocks."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from daemons.worker.changes.excerpts import excerpts, shortened
from daemons.worker.changes.looks import Looks, look_changes
from daemons.worker.changes.matching import Matching, Pair, match
from daemons.worker.changes.places import where
from daemons.worker.changes.regions import joined, placed
from daemons.worker.checks.page_blocks import TITLES, Block, BlockRole, PageBlocks
from shared.domain.visible_changes import ChangeOf, VisibleChange

# Whether the file behind one of the site's own addresses has other bytes than before.
IsReplaced = Callable[[str], bool]

_MEDIA = frozenset({BlockRole.PICTURE, BlockRole.EMBED})


def page_changes(
    before: PageBlocks, after: PageBlocks, is_replaced: IsReplaced, looks: Looks | None = None
) -> Iterator[VisibleChange]:
    """The changes of a page that both versions have, in the order of the new page; what is gone comes last.

    Where no part differs, `looks` says where the page looks otherwise all the same.
    """
    yield from _head_changes(before, after)
    matching = match(before.blocks, after.blocks)
    changed = [*_changed_parts(matching, before, after, is_replaced), *_other_parts(matching)]
    yield from changed or look_changes(looks or {}, after)


def _changed_parts(
    matching: Matching, before: PageBlocks, after: PageBlocks, is_replaced: IsReplaced
) -> Iterator[VisibleChange]:
    for pair in matching.pairs:
        if not pair.old.unsteady and not pair.new.unsteady:
            own = (*_part_changes(pair, is_replaced), *_style_changes(pair, before, after))
            yield from placed(own, [pair.old], [pair.new])


def _other_parts(matching: Matching) -> Iterator[VisibleChange]:
    yield from _whole_parts(ChangeOf.ADDED, _steady(matching.added, matching.removed))
    yield from _whole_parts(ChangeOf.REMOVED, _steady(matching.removed, matching.added))


def _steady(own: Sequence[Block], other: Sequence[Block]) -> list[Block]:
    """The steady parts that only one version has, less one for each unsteady part that stands in its place."""
    taken = Counter(_kind(block) for block in other if block.unsteady)
    taken -= Counter(_kind(block) for block in own if block.unsteady)
    kept = []
    for block in own:
        if not block.unsteady and not taken[_kind(block)]:
            kept.append(block)
        elif not block.unsteady:
            taken[_kind(block)] -= 1
    return kept


def _head_changes(before: PageBlocks, after: PageBlocks) -> Iterator[VisibleChange]:
    old, new = before.head, after.head
    yield from _value(ChangeOf.TITLE, old.title, new.title)
    yield from _value(ChangeOf.DESCRIPTION, old.description, new.description)
    yield from _value(ChangeOf.LANGUAGE, old.language, new.language)


def _part_changes(pair: Pair, is_replaced: IsReplaced) -> Iterator[VisibleChange]:
    """A part's own changes. A link within a text tells its target alone: its words are in the text."""
    old, new = pair.old, pair.new
    if new.role in _MEDIA:
        yield from _value(ChangeOf.ALTERNATIVE, old.text, new.text, new)
        yield from _picture(old.address, new.address, new, is_replaced)
    elif not new.within:
        yield from _value(ChangeOf.TEXT, old.text, new.text, new)
    if new.role is BlockRole.LINK:
        yield from _value(ChangeOf.TARGET, old.address, new.address, new, named=new.text)
    if new.role is BlockRole.AREA:
        yield from _value(ChangeOf.BACKGROUND, old.background, new.background, new)
        yield from _picture(old.address, new.address, new, is_replaced)
    if pair.moved and where(old) != where(new) and new.text and not new.within:
        yield _change(ChangeOf.MOVED, new, where(old), where(new), named=new.text)


def _picture(old: str, new: str, block: Block, is_replaced: IsReplaced) -> Iterator[VisibleChange]:
    if old != new or (new and is_replaced(new)):
        yield _change(ChangeOf.PICTURE, block, old, new, named=block.text)


def _style_changes(pair: Pair, before: PageBlocks, after: PageBlocks) -> Iterator[VisibleChange]:
    """How a text looks otherwise; a picture or an area has no text that could."""
    old, new = before.style_of(pair.old), after.style_of(pair.new)
    if not old or not new or old == new or pair.new.role in (*_MEDIA, BlockRole.AREA):
        return
    for of, was, now in (
        (ChangeOf.COLOUR, old.colour, new.colour),
        (ChangeOf.FONT, old.font, new.font),
        (ChangeOf.SIZE, old.size, new.size),
        (ChangeOf.WEIGHT, old.weight, new.weight),
    ):
        if was != now:
            yield VisibleChange(of=of, before=shortened(was), after=shortened(now))


def _whole_parts(of: ChangeOf, blocks: Sequence[Block]) -> Iterator[VisibleChange]:
    """New parts, or parts that are gone: those below one heading are told together, by the heading's name.

    A link is told with the text that it is within, unless that text was there before.
    """
    texts = [block.text for block in blocks if not block.within]
    shown = [block for block in blocks if block.role is not BlockRole.AREA and not _is_told_with(block, texts)]
    for _, group in groupby(shown, key=lambda block: (block.place, _own_section(block))):
        parts = list(group)
        first = next((block for block in parts if block.role in TITLES), parts[0])
        text = shortened(first.text or first.address)
        values = {"after": text} if of is ChangeOf.ADDED else {"before": text}
        change = VisibleChange(of=of, what=first.role, where=where(first), parts=len(parts), **values)
        yield from placed([change], *(([], parts) if of is ChangeOf.ADDED else (parts, [])))


def _is_told_with(block: Block, texts: Sequence[str]) -> bool:
    """Whether it is a link within one of these texts."""
    return block.within and any(block.text in text for text in texts)


def _kind(block: Block) -> tuple[object, ...]:
    """What a block has in common with those that take its place when a page changes by itself."""
    return block.role, block.place, _own_section(block)


def _own_section(block: Block) -> str:
    return block.text if block.role in TITLES else block.section


def _value(of: ChangeOf, old: str, new: str, block: Block | None = None, named: str = "") -> Iterator[VisibleChange]:
    if old != new:
        before, after = excerpts(old, new)
        if block:
            yield _change(of, block, before, after, named=named)
        else:
            yield VisibleChange(of=of, before=before, after=after)


def _change(of: ChangeOf, block: Block, old: str, new: str, named: str) -> VisibleChange:
    return VisibleChange(
        of=of, what=block.role, where=where(block), named=shortened(named), before=shortened(old), after=shortened(new)
    )


def together(changes: Iterable[VisibleChange]) -> list[VisibleChange]:
    """Equal changes of one page as one that counts its parts and has the places of all."""
    found: dict[VisibleChange, VisibleChange] = {}
    for change in changes:
        bare = change.model_copy(update={"parts": 1, "regions": ()})
        found[bare] = _with(found[bare], change) if bare in found else change
    return list(found.values())


def _with(one: VisibleChange, other: VisibleChange) -> VisibleChange:
    return one.model_copy(update={"parts": one.parts + other.parts, "regions": joined(one.regions, other.regions)})
