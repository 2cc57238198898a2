"""What changed between two trees, as unified diffs for people; pure, and bounded in time and size."""

import difflib
from enum import StrEnum

from shared.domain.tree import Tree
from shared.domain.vocabulary import Record, VersionNumber

# difflib takes time that grows with the square of the lines: beyond these sizes only the fact of a change is told.
_MOST_BYTES = 256 << 10
_MOST_LINES = 4_000
_MOST_DIFF_CHARACTERS = 1 << 20
_MOST_FILES = 1_000


class ChangeKind(StrEnum):
    """What happened to a file."""

    ADDED = "added"
    MODIFIED = "modified"
    REMOVED = "removed"


class FileDifference(Record):
    """One changed file; `diff` is its unified diff, null if the file is `binary` or the diff is too large to show."""

    path: str
    change: ChangeKind
    binary: bool
    diff: str | None


class Difference(Record):
    """What changed in the source files from version `against` (null: from nothing) to version `number`.

    `total` counts the changed files, of which `files` has the first 1,000. `complete` is false if files or diffs are
    missing.
    """

    number: VersionNumber
    against: VersionNumber | None
    files: list[FileDifference]
    total: int
    complete: bool


def differences(before: Tree, after: Tree) -> tuple[list[FileDifference], int]:
    """The changed files by path, as many as can be told, and how many there are."""
    paths = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    files: list[FileDifference] = []
    room = _MOST_DIFF_CHARACTERS
    for path in paths[:_MOST_FILES]:
        files.append(_difference(path, before.get(path), after.get(path), room))
        room -= len(files[-1].diff or "")
    return files, len(paths)


def _difference(path: str, before: bytes | None, after: bytes | None, room: int) -> FileDifference:
    change = ChangeKind.ADDED if before is None else ChangeKind.REMOVED if after is None else ChangeKind.MODIFIED
    old, new = _text(before or b""), _text(after or b"")
    if old is None or new is None:
        return FileDifference(path=path, change=change, binary=True, diff=None)
    diff = _unified(path, change, old.splitlines(), new.splitlines()) if _is_small(old, new) else None
    if diff is not None and len(diff) > room:
        diff = None
    return FileDifference(path=path, change=change, binary=False, diff=diff)


def _text(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _is_small(old: str, new: str) -> bool:
    size = max(len(old), len(new))
    return size <= _MOST_BYTES and max(old.count("\n"), new.count("\n")) <= _MOST_LINES


def _unified(path: str, change: ChangeKind, old: list[str], new: list[str]) -> str:
    old_name = "/dev/null" if change is ChangeKind.ADDED else f"a/{path}"
    new_name = "/dev/null" if change is ChangeKind.REMOVED else f"b/{path}"
    lines = difflib.unified_diff(old, new, old_name, new_name, lineterm="")
    return "".join(f"{line}\n" for line in lines)
