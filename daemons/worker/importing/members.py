"""A member of an archive, whatever its format: its name and size, and its bytes only when they are asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a member of an archive is."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    HARD_LINK = "hard link"
    OTHER = "device"


@dataclass(frozen=True)
class Member:
    """One member of an archive; `load` gives a file's bytes, or the target of a link."""

    name: str
    kind: Kind
    size: int
    load: Callable[[], bytes]
