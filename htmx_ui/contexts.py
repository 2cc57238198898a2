"""The context of every page and fragment: frozen, and the only thing that its template sees, as `page`."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from htmx_ui.change_parts import ToldChange, ToldChanges
from htmx_ui.difference_parts import FileDiff
from htmx_ui.parts import (
    AttachedChip,
    Frame,
    Notice,
    Practice,
    Preview,
    Turn,
    VersionView,
)
from htmx_ui.publication_parts import PublicationStatus
from htmx_ui.status_parts import FailedJobRow, JobRow, PartRow, PublicationRow, Tile
from shared.domain.attachments import FILE_BYTES
from shared.domain.vocabulary import JobKind


@dataclass(frozen=True, kw_only=True)
class Context:
    """What can be rendered: a page in its frame, or a fragment that ignores it."""

    template: ClassVar[str]
    frame: Frame = field(default_factory=Frame)


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Context):
    """Something that can't be shown, why, and what to do."""

    template = "error.html"
    status: int
    title: str
    detail: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class NoticeFragment(Context):
    """An error as the answer to a part of a page."""

    template = "notice.html"
    notice: Notice


@dataclass(frozen=True, kw_only=True)
class SitePage(Context):
    """One site: chat, preview, versions. `tab` is chat, preview or versions; `earlier_turns` are not among `turns`.

    `message_key` names the next message, however often it is sent; `attached` are the files that wait for it.
    `seen` is the position in the live events up to which it knows everything; empty if none is known.
    If `before` names a request, `turns` are those before it and not the last. `archive_fault` is what is wrong with
    the file that was sent for a site whose import has failed.
    """

    template = "site.html"
    name: str
    title: str
    tab: str
    turns: tuple[Turn, ...]
    earlier_turns: int
    versions: tuple[VersionView, ...]
    more_versions_before: int | None
    preview: Preview | None
    publication: PublicationStatus
    practice: Practice | None
    examples: tuple[str, ...]
    message_limit: int
    message_key: str = ""
    before: str = ""
    draft: str = ""
    seen: str = ""
    attached: tuple[AttachedChip, ...] = ()
    file_limit: int = FILE_BYTES
    archive_limit: int = 0
    archive_fault: Notice | None = None

    @property
    def since(self) -> str:
        """The first request that is shown: it stays, however many follow."""
        return min((turn.job for turn in self.turns), default="")

    @property
    def active(self) -> Turn | None:
        """The request to watch: the oldest that is still going on."""
        return next((turn for turn in self.turns if turn.active), None)

    @property
    def is_unmade(self) -> bool:
        """Whether its creation has ended without a first version."""
        return bool(self.turns) and self.active is None and not self.version_count

    @property
    def asks_for_archive(self) -> bool:
        """Whether it has a field for another file, because the import has failed."""
        return self.is_unmade and self.turns[-1].kind == JobKind.IMPORT

    @property
    def waiting(self) -> tuple[str, ...]:
        """The requests that nobody has begun."""
        return tuple(turn.job for turn in self.turns if turn.waits)

    @property
    def version_count(self) -> int:
        """How many versions the site has: their numbers have no gaps."""
        return self.publication.newest or 0


@dataclass(frozen=True, kw_only=True)
class LiveFragment(SitePage):
    """The parts of a site's page that change; the preview only if the page shows another version than it should."""

    template = "live.html"
    refresh_preview: bool = False


@dataclass(frozen=True, kw_only=True)
class TurnFragment(Context):
    """One request while it is going on."""

    template = "turn.html"
    name: str
    turn: Turn


@dataclass(frozen=True, kw_only=True)
class EarlierFragment(Context):
    """Requests before those that are shown; `earlier_turns` came before these."""

    template = "earlier_more.html"
    name: str
    turns: tuple[Turn, ...]
    earlier_turns: int


@dataclass(frozen=True, kw_only=True)
class VersionsFragment(Context):
    """More versions at the end of the list."""

    template = "versions_more.html"
    name: str
    versions: tuple[VersionView, ...]
    more_versions_before: int | None
    current: int | None


@dataclass(frozen=True, kw_only=True)
class ChangesPage(Context):
    """What a version changed: as a person sees it if that is known, and file by file, of `total` files.

    `dialog` leaves the frame away.
    """

    template = "changes.html"
    name: str
    title: str
    version: VersionView
    files: tuple[FileDiff, ...]
    total: int
    told: ToldChanges | None = None
    dialog: bool = False


@dataclass(frozen=True, kw_only=True)
class SeenFragment(Context):
    """What looks different in a version, with pictures; None if nobody compared it with its parent."""

    template = "seen.html"
    told: ToldChanges | None


@dataclass(frozen=True, kw_only=True)
class ChangedPartFragment(Context):
    """What looks different in a version, small, for the list of versions; `change` has a part of a picture."""

    template = "changed_part.html"
    change: ToldChange


@dataclass(frozen=True, kw_only=True)
class StatusPage(Context):
    """The whole system for an operator at the moment `at`; None is what could not be asked."""

    template = "status.html"
    at: datetime
    troubles: tuple[str, ...]
    tiles: tuple[Tile, ...]
    parts: tuple[PartRow, ...]
    jobs: tuple[JobRow, ...] | None
    failed_jobs: tuple[FailedJobRow, ...] | None
    publications: tuple[PublicationRow, ...] | None

    @property
    def unknown(self) -> tuple[Tile, ...]:
        """The numbers that nobody could tell: while there are any, not everything was seen to be well."""
        return tuple(tile for tile in self.tiles if tile.value is None)


@dataclass(frozen=True, kw_only=True)
class StatusFragment(StatusPage):
    """What of it is asked for again every few seconds."""

    template = "status_body.html"
