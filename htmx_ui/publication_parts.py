"""What of a site is public: frozen values, ready to be shown."""

from dataclasses import dataclass
from datetime import datetime

from htmx_ui.change_parts import ToldChanges
from shared.domain.vocabulary import JobKind


@dataclass(frozen=True)
class TakenDown:
    """The version that visitors saw until the site was taken down, and when that was."""

    version: int
    at: datetime


@dataclass(frozen=True)
class PublicationStatus:
    """What visitors see, and what could be published next; numbers are versions.

    `late` is why web servers don't show `current`, or still show what was `taken_down`; empty if they were seen to do
    right. `undo` is the version that visitors can get back for a few minutes. `withdrawn` is true if the newest was
    taken back from them.
    """

    current: int | None
    newest: int | None
    address: str
    late: str = ""
    undo: int | None = None
    withdrawn: bool = False
    taken_down: TakenDown | None = None

    @property
    def is_newest_down(self) -> bool:
        """Whether the version that was taken down is the newest."""
        return self.taken_down is not None and self.taken_down.version == self.newest

    @property
    def up_to_date(self) -> bool:
        """Whether visitors see the newest version."""
        return self.current is not None and self.current == self.newest and not self.late


@dataclass(frozen=True)
class ToldStep:
    """What version `number` changed, which `message` had asked for; `told` is None if nobody compared it."""

    number: int
    kind: JobKind
    message: str
    is_first: bool
    told: ToldChanges | None


@dataclass(frozen=True)
class ToldPublication:
    """What changes for visitors, version by version: what they get, and what is taken from them, newest first.

    `unasked` is what nobody asked for and is so in the chosen version. What the versions from `unread_from` to
    `unread_to` changed is not told (0: there are no such).
    """

    unasked: ToldChanges
    gained: tuple[ToldStep, ...] = ()
    lost: tuple[ToldStep, ...] = ()
    unread_from: int = 0
    unread_to: int = 0

    @property
    def is_single(self) -> bool:
        """Whether one version alone tells all of it."""
        return len(self.gained) == 1 and not self.lost and not self.unread_to

    @property
    def is_whole(self) -> bool:
        """Whether all that looks different is told in words."""
        steps = (*self.gained, *self.lost)
        is_known = all(step.told and not (step.told.others or step.told.unread) for step in steps)
        return bool(steps) and is_known and not self.unread_to
