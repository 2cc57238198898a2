"""The pieces of the status page: frozen values, ready to be shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.domain.vocabulary import Phase, Slot


@dataclass(frozen=True)
class Tile:
    """A number to see at once; `value` is None if nobody could tell it."""

    name: str
    value: str | None
    note: str = ""
    bad: bool = False


@dataclass(frozen=True)
class PartRow:
    """One part of the system; a web host that has long not shown what it should is behind. Notes may have `code`."""

    name: str
    state: Literal["up", "behind", "down"]
    notes: tuple[str, ...]
    release: str | None
    milliseconds: float | None


@dataclass(frozen=True)
class JobRow:
    """A job in a worker's hands; `seconds` since it was claimed, `lost_seconds` since its worker fell silent."""

    site: str
    worker: str
    phase: Phase | None
    seconds: float | None
    attempt: int
    stopping: bool = False
    lost_seconds: float | None = None


@dataclass(frozen=True)
class FailedJobRow:
    """A job that failed, why, and the command that tells its story."""

    job: str
    site: str
    author: str
    reason: str
    hint: str
    at: datetime

    @property
    def command(self) -> str:
        """Shows the job's journal, over all daemons of a machine."""
        return f"journalctl PAGEWRIGHT_JOB={self.job}"


@dataclass(frozen=True)
class PublicationRow:
    """Who published what where; without a version they took the site down."""

    by: str
    site: str
    slot: Slot
    version: int | None
    at: datetime
