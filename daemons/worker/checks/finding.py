"""A finding: one thing that is wrong with a page or a site, with its evidence.

Two versions have the same finding if check, page and subject are equal. So no port, order or number is in these.
"""

from enum import StrEnum

from shared.domain.visible_changes import Box
from shared.domain.vocabulary import Record

MORE = "more"

FindingIdentity = tuple[str, str, str]


class Weight(StrEnum):
    """`grave`: visitors miss the page. `fault`: something is broken. `hint`: worth a look. `unknown`: not checked."""

    GRAVE = "grave"
    FAULT = "fault"
    HINT = "hint"
    UNKNOWN = "unknown"


class Evidence(Record):
    """Where a finding is seen: the element, its place in the desktop window, and its line in the page's file."""

    selector: str = ""
    box: Box | None = None
    line: int = 0


class Finding(Record):
    """One thing found or, with the subject MORE, `count` others that have no words of their own."""

    check: str
    page: str
    subject: str
    text: str
    weight: Weight = Weight.FAULT
    count: int = 1
    evidence: Evidence | None = None

    @property
    def identity(self) -> FindingIdentity:
        return self.check, self.page, self.subject
