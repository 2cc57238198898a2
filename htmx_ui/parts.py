"""The pieces that page contexts are made of: frozen values, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from htmx_ui.change_parts import ToldChanges, told_changes
from shared.domain.home_page_check import visitors_see
from shared.domain.job_outcome import JobOutcome
from shared.domain.manifest import REPAIR, Changes, Check, CheckStatus
from shared.domain.older_base import missing_changes
from shared.domain.problem import notes_of
from shared.domain.problem_changes import ProblemChanges
from shared.domain.visible_changes import UNASKED
from shared.domain.vocabulary import Failure, JobKind, JobState, Phase

# How a finding begins that tells what was not looked at.
_NOT_CHECKED = "Not checked:"


@dataclass(frozen=True)
class Notice:
    """A sentence above the page: something went well or wrong."""

    text: str
    hint: str = ""
    bad: bool = False


@dataclass(frozen=True)
class Practice:
    """The practice model answers on this machine; these are requests that it understands."""

    understands: tuple[str, ...]


@dataclass(frozen=True)
class Frame:
    """What surrounds every page: who is signed in (`account` is the id), whether as an operator, perhaps a notice."""

    email: str | None = None
    account: str = ""
    operator: bool = False
    notice: Notice | None = None


@dataclass(frozen=True)
class VersionView:
    """One version in the list; `picture` is the address of its screenshot, `record` the signature of its record.

    `late` is true if it is published and the web servers were not seen to show it, `is_seen` if it was compared with
    its parent as a person sees both.
    """

    number: int
    parent: int | None
    kind: JobKind
    message: str
    author: str
    at: datetime
    files: Changes
    checks: tuple[Check, ...]
    picture: str | None
    in_preview: bool = False
    published: bool = False
    newest: bool = False
    shown: bool = False
    late: bool = False
    record: str = ""
    is_seen: bool = False
    problems: ProblemChanges = field(default_factory=lambda: ProblemChanges(against=None))

    @property
    def failed_checks(self) -> tuple[Check, ...]:
        """The checks that found something."""
        return tuple(check for check in self.checks if check.status is CheckStatus.FAILED)

    @property
    def warned_checks(self) -> tuple[Check, ...]:
        """The checks that only warn."""
        return tuple(check for check in self.checks if check.status is CheckStatus.WARNING)

    @property
    def notes(self) -> tuple[Check, ...]:
        """What the checks say beside problems: advice, and what was not looked at."""
        return notes_of(self.checks)

    @property
    def is_checked_whole(self) -> bool:
        """Whether nothing was left out when it was checked."""
        findings = [finding for check in self.checks for finding in check.findings]
        return not any(finding.startswith(_NOT_CHECKED) for finding in findings)

    @property
    def visitors_see(self) -> str:
        """What visitors will see of a home page that is not as it should be; empty if all is well with it."""
        return visitors_see((check.name, check.status, check.findings) for check in self.checks)

    @property
    def told(self) -> ToldChanges:
        """What it changed for a person who looks at the pages."""
        return told_changes(self.checks)

    @property
    def is_unasked(self) -> bool:
        """Whether it changed what nobody asked for."""
        return any(check.name == UNASKED for check in self.failed_checks)

    @property
    def mended(self) -> Check | None:
        """What the agent broke and mended before anybody saw it."""
        return next((check for check in self.checks if check.name == REPAIR), None)

    @property
    def lacks(self) -> str:
        """What it lacks because it was made from an older version than the newest; empty if nothing."""
        return " ".join(finding for check in self.checks if check.name == "base" for finding in check.findings)

    @property
    def changed(self) -> tuple[tuple[str, str], ...]:
        """What happened to each source file that it changed, and the file's path."""
        parts = {"added": self.files.added, "modified": self.files.modified, "removed": self.files.removed}
        return tuple((kind, change.path) for kind, changes in parts.items() for change in changes)

    @property
    def first_page(self) -> str | None:
        """The first page whose source it added or changed, if it is a page that is served as it is."""
        pages = [path for kind, path in self.changed if kind != "removed" and path.endswith((".html", ".htm"))]
        return min(pages, key=lambda path: (path != "index.html", path.count("/"), path), default=None)

    @property
    def file_count(self) -> int:
        """How many source files it changed."""
        return len(self.files.added) + len(self.files.modified) + len(self.files.removed)


@dataclass(frozen=True)
class AttachedChip:
    """A file that waits to be sent with a message; `use` says what it is for."""

    upload: str
    name: str
    use: str = "auto"


@dataclass(frozen=True)
class Turn:
    """One request in the chat and what became of it; `steps` are what the agent did so far, oldest first.

    `waiting_for` counts the requests before it in the site's queue; `attachments` are the names of files. While it
    `waits` nobody has begun it, and it can go before the request `earlier`, or `later` (empty: to the end). Who is
    `editing` it has it in a form.
    """

    job: str
    kind: JobKind
    message: str
    author: str
    at: datetime
    state: JobState
    phase: Phase | None = None
    steps: tuple[str, ...] = ()
    stopping: bool = False
    waiting_for: int = 0
    answer: str = ""
    error: Failure | None = None
    version: VersionView | None = None
    outcome: JobOutcome | None = None
    can_retry: bool = True
    attachments: tuple[str, ...] = ()
    edits: int = 0
    waits: bool = False
    earlier: str | None = None
    later: str | None = None
    editing: bool = False

    @property
    def active(self) -> bool:
        """Whether it is still going on."""
        return not self.state.final


@dataclass(frozen=True)
class Preview:
    """What the preview shows: a version's page, live in a frame, or as a picture if the web servers don't have it.

    `reason` is what keeps a web server from showing it, as far as one has told. Of an old version, `until` is the
    newest one that the person does not wait for: the next one takes its place. One that `is_wished` is on web servers
    while it is looked at. `titles` are those of pages that are known, by path.
    """

    version: int
    newest: int
    page: str
    pages: tuple[str, ...]
    url: str | None
    picture: str | None
    failed: bool = False
    reason: str = ""
    until: int | None = None
    is_wished: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def frame(self) -> str:
        """The address of our page around the pages of this version (nginx/frame.js)."""
        return urljoin(self.url or "", "/.pagewright/frame")

    @property
    def path(self) -> str:
        """The path of the page's address."""
        return urlsplit(self.url or "").path

    @property
    def is_newest(self) -> bool:
        """Whether nothing newer exists."""
        return self.version == self.newest

    @property
    def missing(self) -> str:
        """What a version that starts from this one will lack."""
        return missing_changes(self.version, self.newest)
