"""What a version changed for a person: in words, and as parts of pictures, ready to be shown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from shared.domain.colour_names import sample_of
from shared.domain.manifest import Check, CheckStatus
from shared.domain.visible_changes import CHECK, UNASKED, UNREAD, Box

_ON_PAGES = re.compile(r"(?:(?P<count>[0-9]+) pages|(?P<page>[^:“]+\.[A-Za-z0-9]+)): (?P<text>.+)", re.DOTALL)
_COLOURS = re.compile(r"(?:Background|Text colour)[^“”]*: (?P<before>[a-z ]+) → (?P<after>[a-z ]+)")


@dataclass(frozen=True)
class Crop:
    """A part of a picture that is `across` pixels wide: `window` is what is shown of it, `box` what is outlined."""

    picture: str
    across: int
    window: Box
    box: Box


@dataclass(frozen=True)
class ToldChange:
    """One change in words; `page` is the path of the page that has it, or `pages` says how many have it.

    `colours` are samples of what it was and became; `before` and `after` parts of pictures, if it is seen there.
    """

    text: str
    page: str = ""
    pages: int = 0
    colours: tuple[str, ...] = ()
    before: Crop | None = None
    after: Crop | None = None


@dataclass(frozen=True)
class ChangedPage:
    """The changes of one page, or those that so many pages have alike."""

    page: str
    pages: int
    changes: tuple[ToldChange, ...]


@dataclass(frozen=True)
class ToldChanges:
    """The changes that are named, and how many more are only counted.

    Those that nobody asked for, or perhaps not, stand apart. Pages that are `unread` could not be compared.
    """

    named: tuple[ToldChange, ...] = ()
    others: int = 0
    unasked: tuple[ToldChange, ...] = ()
    doubtful: tuple[ToldChange, ...] = ()
    other_unasked: int = 0
    unread: int = 0

    def __bool__(self) -> bool:
        return bool(self.named or self.unasked or self.doubtful)

    @property
    def all(self) -> tuple[ToldChange, ...]:
        """All that are named, in the order in which they are shown."""
        return (*self.unasked, *self.doubtful, *self.named)

    def shown(self, most: int) -> tuple[ChangedPage, ...]:
        """What is told at once: all of it, or if that is more than so many, one change of each page."""
        pages = by_page(self.named)
        if len(self.named) <= most:
            return pages
        return tuple(replace(page, changes=page.changes[:1]) for page in pages[:most])

    def folded(self, most: int) -> tuple[ChangedPage, ...]:
        """The rest, which is told when somebody wants it."""
        if len(self.named) <= most:
            return ()
        pages = by_page(self.named)
        begun = (replace(page, changes=page.changes[1:]) for page in pages[:most] if page.changes[1:])
        return (*begun, *pages[most:])


def told_changes(checks: Iterable[Check]) -> ToldChanges:
    """What the record of a version tells; older versions tell nothing."""
    found = {check.name: check for check in checks}
    seen, apart, unread = found.get(CHECK), found.get(UNASKED), found.get(UNREAD)
    listed, unasked = (check.first(check.count) if check else () for check in (seen, apart))
    uncounted = apart.count - len(unasked) if apart else 0
    judged, is_sure = tuple(map(told_change, unasked)), apart is not None and apart.status is CheckStatus.FAILED
    return ToldChanges(
        named=tuple(told_change(one) for one in listed if one not in unasked),
        others=max(seen.count - len(listed) - uncounted, 0) if seen else 0,
        unasked=judged if is_sure else (),
        doubtful=() if is_sure else judged,
        other_unasked=uncounted,
        unread=unread.count if unread else 0,
    )


def by_page(changes: Iterable[ToldChange]) -> tuple[ChangedPage, ...]:
    """The changes of each page together, in the order in which the pages come first; of no page, each alone."""
    keyed = [((one.page, one.pages, "" if one.page or one.pages else one.text), one) for one in changes]
    order = list(dict.fromkeys(key for key, _ in keyed))
    keyed.sort(key=lambda pair: order.index(pair[0]))
    groups = groupby(keyed, key=lambda pair: pair[0])
    return tuple(ChangedPage(key[0], key[1], tuple(one for _, one in together)) for key, together in groups)


def told_change(finding: str) -> ToldChange:
    """A sentence, and apart from it the page or the number of pages that it begins with."""
    found = _ON_PAGES.fullmatch(finding)
    if not found:
        return ToldChange(finding)
    return ToldChange(found["text"], found["page"] or "", int(found["count"] or 0), _colours(found["text"]))


def _colours(text: str) -> tuple[str, ...]:
    """Samples of the two colours that a sentence names; none if it names none."""
    found = _COLOURS.fullmatch(text)
    return (sample_of(found["before"]), sample_of(found["after"])) if found else ()
