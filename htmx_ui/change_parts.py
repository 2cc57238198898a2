"""What a version changed, as its record tells it in words: ready to be shown on its card."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from shared.domain.manifest import Check
from shared.domain.visible_changes import CHECK

_ON_PAGES = re.compile(r"(?:(?P<count>[0-9]+) pages|(?P<page>[^:“]+\.[A-Za-z0-9]+)): (?P<text>.+)", re.DOTALL)


@dataclass(frozen=True)
class ToldChange:
    """One change in words; `page` is the path of the page that has it, or `pages` says how many have it."""

    text: str
    page: str = ""
    pages: int = 0


@dataclass(frozen=True)
class ToldChanges:
    """The changes that the record names, and how many more it only counts."""

    named: tuple[ToldChange, ...] = ()
    others: int = 0


def told_changes(checks: Iterable[Check]) -> ToldChanges:
    """What the record of a version tells; older versions tell nothing."""
    for check in checks:
        if check.name == CHECK:
            named = tuple(map(_change, check.first(check.count)))
            return ToldChanges(named, check.count - len(named))
    return ToldChanges()


def _change(finding: str) -> ToldChange:
    found = _ON_PAGES.fullmatch(finding)
    if not found:
        return ToldChange(finding)
    return ToldChange(found["text"], found["page"] or "", int(found["count"] or 0))
