"""What of a site is public: frozen values, ready to be shown."""

from dataclasses import dataclass
from datetime import datetime


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
