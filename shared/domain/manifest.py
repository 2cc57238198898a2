"""The record of a version, and what it is made of: frozen values without any I/O."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.domain.vocabulary import Digest, Fence, JobId, JobKind, Record, SiteName, VersionNumber


class Blob(Record):
    """Bytes in storage, named by their digest."""

    sha256: Digest
    size: Annotated[int, Field(ge=0)]


class FileRecord(Record):
    """One file of a version's `public/` tree.

    `changed_at` (Unix seconds) is the stamp of the version that gave the path these bytes. Web servers
    use it as modification time, so that equal times and sizes always mean equal bytes.
    """

    path: str
    size: Annotated[int, Field(ge=0)]
    sha256: Digest
    changed_at: int


class FileList(Record):
    """Every file that a version serves, sorted by path."""

    files: tuple[FileRecord, ...]


class FileChange(Record):
    """One changed source file; `before` is None for an added file, `after` for a removed one."""

    path: str
    before: Digest | None
    after: Digest | None


class Changes(Record):
    """What a version changed against its parent, each part sorted by path."""

    added: tuple[FileChange, ...] = ()
    modified: tuple[FileChange, ...] = ()
    removed: tuple[FileChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.modified or self.removed)

    @property
    def files(self) -> tuple[FileChange, ...]:
        """All that it changed, of whatever kind."""
        return (*self.added, *self.modified, *self.removed)

    @property
    def paths(self) -> frozenset[str]:
        """Where these files are, or were."""
        return frozenset(change.path for change in self.files)


# The last line of a cut list; existing versions have this wording.
_CUT = re.compile(r"and ([0-9]+) more")


def count_findings(findings: Sequence[str]) -> int:
    """The number of findings, including those that the last line of a cut list counts: `and 16 more`."""
    cut = _CUT.fullmatch(findings[-1]) if findings else None
    return len(findings) - 1 + int(cut[1]) if cut else len(findings)


class CheckStatus(StrEnum):
    """The result of one check; a warning is shown but does not keep a version from being published."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"


class Check(Record):
    """One check of a version, over all its pages; `findings` says what is wrong and where."""

    name: str
    status: CheckStatus
    findings: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """The number of findings, including those that are only counted."""
        return count_findings(self.findings)

    def first(self, most: int) -> tuple[str, ...]:
        """At most so many findings, without the line that counts the others."""
        told = len(self.findings) if self.count == len(self.findings) else len(self.findings) - 1
        return self.findings[: min(most, told)]


# The check by which a version's record tells what was mended before anybody saw it.
REPAIR = "repair"


class Screenshot(Record):
    """A picture of a page at one width, a JPEG; `viewport` is `desktop`, `phone`, or `small`: a desktop, reduced."""

    page: str
    viewport: str
    image: Blob


SMALL = "small"  # pictures that older releases made have none
_REPORT = "report"
_VISIBLE_CHANGES = "changes"


def report_entry(report: Blob) -> Screenshot:
    """The report of a version's checks, as it stands among the screenshots: see docs/decisions/0041."""
    return Screenshot(page="", viewport=_REPORT, image=report)


def visible_changes_entry(changes: Blob) -> Screenshot:
    """What a version changed for a person, as it stands among the screenshots after the report."""
    return Screenshot(page=_VISIBLE_CHANGES, viewport=_REPORT, image=changes)


class Usage(Record):
    """What a job took from the model API."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0


class Signature(Record):
    """An Ed25519 signature over the manifest's canonical bytes without this field (base64)."""

    key: str
    value: str


class Manifest(Record):
    """The record of a version; `stamp` (Unix seconds) grows strictly from version to version."""

    format: int = 1
    site: SiteName
    number: VersionNumber
    parent: VersionNumber | None
    job: JobId
    kind: JobKind
    message: str
    author: str
    answer: str = ""
    agent: str | None = None
    model: str | None = None
    usage: Usage = Usage()
    files: Changes
    public: Blob
    builder: str
    checks: tuple[Check, ...]
    screenshots: tuple[Screenshot, ...] = ()
    artifact: Blob
    fence: Fence
    stamp: int
    created_at: datetime
    signature: Signature | None = None

    @property
    def pictures(self) -> tuple[Screenshot, ...]:
        """The screenshots that are pictures of a page."""
        return tuple(entry for entry in self.screenshots if entry.viewport != _REPORT)

    @property
    def report(self) -> Blob | None:
        """What the checks found and saw in whole, for the checks of the next version; older versions have none."""
        return self._other("")

    @property
    def visible_changes(self) -> Blob | None:
        """What changed for a person against the parent, as VisibleChanges; older versions have none."""
        return self._other(_VISIBLE_CHANGES)

    def _other(self, name: str) -> Blob | None:
        """An entry that is no picture of a page."""
        entries = (entry for entry in self.screenshots if entry.viewport == _REPORT)
        return next((entry.image for entry in entries if entry.page == name), None)

    @property
    def passed(self) -> bool:
        return all(check.status is not CheckStatus.FAILED for check in self.checks)
