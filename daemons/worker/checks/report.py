"""The report of a version's checks: all findings and observations, kept in storage for the next version.

The signed manifest has its digest, so a later job trusts it and need not look at the same pages again.
"""

import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property

from pydantic import ValidationError

from daemons.worker.checks.audit_findings import PARTS, lacking_parts
from daemons.worker.checks.finding import FindingIdentity
from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.verdict import DatedFinding
from shared.domain.vocabulary import Record, VersionNumber

LARGEST_BLOB = 32 << 20
_LARGEST_TEXT = 256 << 20
_LEVEL = 1
# So many characters of blocks are kept in all; the checks look at the other pages of a parent again.
_BLOCKS_ROOM = 24 << 20


class PageRecord(Record):
    """The last observation of a page, made in the version `looked`.

    `closure` is empty if the browser must look again. `text` is how much the page had before it lost any. `lost` are
    the parts that it had once and lost.
    """

    page: PageObservation
    closure: str
    looked: VersionNumber
    text: int
    lost: tuple[str, ...] = ()

    @property
    def is_audited(self) -> bool:
        """Whether the page was audited; an older release did not."""
        return self.page.audit is not None and not self.page.audit.unread

    @property
    def parts(self) -> frozenset[str]:
        """Which PARTS the page had; those that it lost count, those that nobody looked for don't."""
        return frozenset(self.lost) | (PARTS - lacking_parts(self.page) if self.is_audited else frozenset())

    def with_blocks(self, blocks: str) -> "PageRecord":
        """The same record with these blocks of the page."""
        return self.model_copy(update={"page": self.page.model_copy(update={"blocks": blocks})})


class Report(Record):
    """What the checks of a version found and saw; `at` is when they ended, `told` has the findings."""

    format: int = 1
    at: datetime
    told: tuple[DatedFinding, ...]
    pages: tuple[PageRecord, ...]

    @cached_property
    def records(self) -> Mapping[str, PageRecord]:
        """The pages by their path."""
        return {record.page.path: record for record in self.pages}

    def past(self) -> dict[FindingIdentity, tuple[int, bool]]:
        """Each finding's first version, and whether it failed the check."""
        return {one.finding.identity: (one.since, one.failed) for one in self.told}

    def undated(self) -> frozenset[FindingIdentity]:
        """The findings that may be older than their first version."""
        return frozenset(one.finding.identity for one in self.told if one.may_be_older)


def within_room(records: Iterable[PageRecord], room: int = _BLOCKS_ROOM) -> tuple[PageRecord, ...]:
    """The records, without the blocks of those for which there is no room."""
    kept: list[PageRecord] = []
    for record in records:
        room -= len(record.page.blocks)
        kept.append(record if room >= 0 else record.with_blocks(""))
    return tuple(kept)


def encode_report(report: Report) -> bytes:
    """The bytes that are stored."""
    return zlib.compress(report.model_dump_json(exclude_defaults=True).encode(), _LEVEL)


def decode_report(data: bytes) -> Report | None:
    """The report in these bytes; None if they have another release's format or are too large."""
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(data, _LARGEST_TEXT)
        return Report.model_validate_json(text) if stream.eof else None
    except (zlib.error, ValidationError):
        return None


def texts(records: Iterable[PageRecord]) -> dict[str, int]:
    """How much text each page had, by its path."""
    return {record.page.path: record.text for record in records}


def parts(records: Iterable[PageRecord]) -> dict[str, frozenset[str]]:
    """Which parts each page had, by its path."""
    return {record.page.path: record.parts for record in records}
