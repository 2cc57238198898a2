"""The report of a version's checks: everything found and everything seen, kept in storage for the next version.

The signed record names its digest, so a later job believes it without looking again.
"""

import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property

from pydantic import ValidationError

from daemons.worker.checks.findings import Identity
from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.verdict import Told
from shared.domain.vocabulary import Record, VersionNumber

LARGEST_BLOB = 32 << 20
_LARGEST_TEXT = 256 << 20
_LEVEL = 1


class PageRecord(Record):
    """A page as it was last looked at, in the version `looked`.

    `closure` is empty if it has to be looked at again. `text` is how much it had when nothing was wrong with that.
    """

    page: PageObservation
    closure: str
    looked: VersionNumber
    text: int


class Report(Record):
    """What the checks of a version know; `at` is when they ended."""

    format: int = 1
    at: datetime
    told: tuple[Told, ...]
    pages: tuple[PageRecord, ...]

    @cached_property
    def records(self) -> Mapping[str, PageRecord]:
        """The pages by their path."""
        return {record.page.path: record for record in self.pages}

    def past(self) -> dict[Identity, tuple[int, bool]]:
        """What was told: since when, and whether it failed."""
        return {one.finding.identity: (one.since, one.failed) for one in self.told}


def encode_report(report: Report) -> bytes:
    """The bytes that are stored."""
    return zlib.compress(report.model_dump_json(exclude_defaults=True).encode(), _LEVEL)


def decode_report(data: bytes) -> Report | None:
    """The report in these bytes; None if it is of another release's form, or too large to be read."""
    stream = zlib.decompressobj()
    try:
        text = stream.decompress(data, _LARGEST_TEXT)
        return Report.model_validate_json(text) if stream.eof else None
    except (zlib.error, ValidationError):
        return None


def texts(records: Iterable[PageRecord]) -> dict[str, int]:
    """How much text each page had."""
    return {record.page.path: record.text for record in records}
