"""What differs between two versions, as pages show it: lines of files, and pages as visitors meet them."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class FileCount:
    """How many files of one kind are `added`, `modified` or `removed`."""

    kind: str
    change: str
    number: int


@dataclass(frozen=True)
class VisitorChanges:
    """What visitors meet otherwise: pages by path, `unnamed` ones and other files by number."""

    added: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unnamed: int = 0
    files: tuple[FileCount, ...] = ()

    def pages(self, change: str) -> tuple[str, ...]:
        """The pages that are `added`, `modified` or `removed`."""
        return {"added": self.added, "modified": self.modified, "removed": self.removed}[change]

    def others(self, change: str) -> tuple[FileCount, ...]:
        """The other files of this change."""
        return tuple(files for files in self.files if files.change == change)

    def __bool__(self) -> bool:
        return bool(self.added or self.modified or self.removed or self.files)


@dataclass(frozen=True)
class DiffLine:
    """One line of a unified diff."""

    kind: Literal["added", "removed", "context", "hunk"]
    text: str


@dataclass(frozen=True)
class FileDiff:
    """What happened to one file; no lines if it is `binary` or too large to show.

    `added` and `removed` count the lines that came and went, also among the `left_out` ones at the end.
    """

    path: str
    change: Literal["added", "modified", "removed"]
    lines: tuple[DiffLine, ...]
    binary: bool = False
    added: int = 0
    removed: int = 0
    left_out: int = 0
