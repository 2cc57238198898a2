"""Takes out of a version what nobody asked for, file by file and difference by difference; does no I/O."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daemons.worker.changes.hunk_reading import STYLES, ReadHunk, Sureness, how_sure
from daemons.worker.changes.hunks import FilePart, by_lines, by_tokens, is_closed, take_back
from shared.domain.file_kinds import FileKind, file_kind
from shared.domain.tree import Tree
from shared.domain.visible_changes import ChangeOf, Verdict, VisibleChange, VisibleChanges

# Larger differences are not parted into tags and words.
_MOST_PARTED = 2_000_000
_OF_FILES = frozenset({ChangeOf.FILE_ADDED, ChangeOf.FILE_CHANGED, ChangeOf.FILE_REMOVED})
_OF_PAGES = frozenset({ChangeOf.PAGE_ADDED, ChangeOf.PAGE_REMOVED})


@dataclass(frozen=True)
class AskedPart:
    """A version's source without its unasked part, and what became of that.

    `whole` are the files that are again as before it, `partly` those of which some differences are. `mixed` are files
    that may keep something nobody asked for, as it could not be told apart, and `left` the changes that may be there.
    """

    source: Tree
    whole: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()
    left: tuple[VisibleChange, ...] = ()


@dataclass(frozen=True)
class _Told:
    """The changes that one file may have made, parted by whether they may stay."""

    wanted: tuple[VisibleChange, ...]
    unasked: tuple[VisibleChange, ...]


def asked_part(parent: Tree, version: Tree, told: VisibleChanges) -> AskedPart:
    """The version without what is judged unasked; what was asked, follows, or is in doubt stays."""
    changed = {path for path in parent.keys() | version.keys() if parent.get(path) != version.get(path)}
    source, whole, partly, mixed = dict(version), list[str](), list[str](), list[str]()
    reached: set[VisibleChange] = set()
    for path in sorted(changed):
        told_of_it = _told_of(path, changed, told)
        is_unasked = path in told.unasked_files
        if not told_of_it.unasked and not is_unasked:
            continue
        if not told_of_it.wanted and (is_unasked or not _is_cut(told)):
            _put(source, path, parent.get(path))
            whole.append(path)
            reached.update(told_of_it.unasked)
            continue
        if path not in parent or path not in version:
            mixed.append(path)
            continue
        part = _without_unasked(path, parent[path], version[path], told_of_it, is_unasked=is_unasked)
        source[path] = part.data
        reached.update(part.reached)
        if part.data != version[path]:
            (whole if part.data == parent[path] else partly).append(path)
        if part.is_mixed or part.data == version[path]:
            mixed.append(path)
    left = tuple(one for one in told.changes if one.verdict is Verdict.UNASKED and one not in reached)
    return AskedPart(source, tuple(whole), tuple(partly), tuple(mixed), left)


def _put(source: dict[str, bytes], path: str, data: bytes | None) -> None:
    if data is None:
        source.pop(path, None)
    else:
        source[path] = data


def _is_cut(told: VisibleChanges) -> bool:
    return told.total > len(told.changes)


def _told_of(path: str, changed: set[str], told: VisibleChanges) -> _Told:
    own = [change for change in told.changes if _may_come_from(path, change, changed)]
    unasked = tuple(change for change in own if change.verdict is Verdict.UNASKED)
    return _Told(tuple(change for change in own if change.verdict is not Verdict.UNASKED), unasked)


def _may_come_from(path: str, change: VisibleChange, changed: set[str]) -> bool:
    """Whether this file may have made the change; a page's own change comes from elsewhere if its file is the same."""
    if change.of in _OF_FILES:
        return change.named == path
    if change.of is ChangeOf.PICTURE and f"/{path}" in (change.before, change.after):
        return True
    kind, is_cut = file_kind(path), change.page_count > len(change.pages)
    if kind is FileKind.PAGE:
        return path in change.pages or (is_cut and change.of not in _OF_PAGES)
    if change.of in _OF_PAGES:
        return False
    from_elsewhere = not any(page in changed for page in change.pages)
    return (kind is FileKind.STYLE and (change.of in STYLES or from_elsewhere)) or (
        kind is FileKind.SCRIPT and from_elsewhere
    )


@dataclass(frozen=True)
class _Part:
    """A file without its unasked differences, and the unasked changes that were taken back with them."""

    data: bytes
    reached: frozenset[VisibleChange]
    is_mixed: bool


def _without_unasked(path: str, old: bytes, new: bytes, told: _Told, *, is_unasked: bool) -> _Part:
    """A file that has asked and unasked changes: the differences that are told by unasked ones alone are taken back.

    Of a file that is unasked as a whole, all differences go but those that an asked change tells, if each is told.
    """
    lines = _Judged.of(path, by_lines(old, new), told)
    pieces: list[FilePart] = []
    for piece in lines.pieces:
        is_mixed = lines.is_asked(piece) and (lines.is_unasked(piece) or is_unasked)
        pieces += by_tokens(piece, path) if is_mixed and len(piece.old + piece.new) <= _MOST_PARTED else [piece]
    judged = _Judged.of(path, pieces, told)
    takes_rest = is_unasked and judged.tells_all(told.wanted)
    taken = [one for one in judged.differing if not judged.is_asked(one) and (takes_rest or judged.is_unasked(one))]
    if not is_closed(taken, path):
        taken = [one for one in taken if is_closed([one], path)]
    chosen = {id(piece) for piece in taken}
    reached = frozenset(one for piece in taken for one in told.unasked if piece in judged.by_change[one])
    stays = [one for one in judged.differing if id(one) not in chosen]
    is_mixed = any(judged.is_unasked(one) for one in stays) or (is_unasked and not takes_rest)
    return _Part(take_back(pieces, lambda piece: id(piece) in chosen), reached, is_mixed)


@dataclass(frozen=True)
class _Judged:
    """The pieces of a file, and for each change the differences that tell it most surely."""

    pieces: Sequence[FilePart]
    told: _Told
    by_change: dict[VisibleChange, list[FilePart]]

    @classmethod
    def of(cls, path: str, pieces: Sequence[FilePart], told: _Told) -> "_Judged":
        differences = [ReadHunk(path, piece) for piece in pieces if piece.differs]
        changes = (*told.wanted, *told.unasked)
        return cls(pieces, told, {change: _most_surely(differences, change) for change in changes})

    @property
    def differing(self) -> list[FilePart]:
        return [piece for piece in self.pieces if piece.differs]

    def is_asked(self, piece: FilePart) -> bool:
        return self._tells(piece, self.told.wanted)

    def is_unasked(self, piece: FilePart) -> bool:
        return self._tells(piece, self.told.unasked)

    def _tells(self, piece: FilePart, changes: Iterable[VisibleChange]) -> bool:
        return any(piece in self.by_change[change] for change in changes)

    def tells_all(self, changes: Iterable[VisibleChange]) -> bool:
        """Whether each of these changes is told by some difference."""
        return all(self.by_change[change] for change in changes)


def _most_surely(differences: Sequence[ReadHunk], change: VisibleChange) -> list[FilePart]:
    found = [(how_sure(one, change), one.piece) for one in differences]
    best = max((sure for sure, _ in found), default=Sureness.NONE)
    return [piece for sure, piece in found if sure is best and best > Sureness.NONE]
