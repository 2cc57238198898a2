"""Decides whether an editor kept its hands off: the bytes outside a task's mask have to be those of before."""

from collections.abc import Collection, Iterator
from difflib import SequenceMatcher

from bench.keep.edits import Hunk, SiteEdit
from bench.keep.markup import parts
from shared.domain.tree import Tree

_ROOM = 400  # bytes that an editor may put in beyond thrice as many as the oracle


def strays(before: Tree, after: Tree, edit: SiteEdit, free: Collection[str] = ()) -> Iterator[str]:
    """The files that differ outside of what the edit allows.

    On the `free` pages the place of what is put in is the editor's choice, so there all of before has to be kept.
    """
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old == new or path in edit.files:
            continue
        if old is None or new is None or not _is_fair(old, new, edit, path, is_free=path in free):
            yield path


def _is_fair(old: bytes, new: bytes, edit: SiteEdit, path: str, *, is_free: bool) -> bool:
    return is_kept(old, new, edit.hunks.get(path, ())) or (is_free and _only_added(old, new, edit, path))


def is_kept(old: bytes, new: bytes, hunks: Collection[Hunk]) -> bool:
    """Whether `new` has the bytes of `old` outside of the hunks' masks, in their order, and nothing between them."""
    kept, place = [], 0
    for start, end in _joined(sorted(hunk.allowed for hunk in hunks)):
        kept.append(old[place:start])
        place = end
    first, *between = (*kept, old[place:])
    if not between:
        return new == old
    last = between.pop()
    if not (new.startswith(first) and new.endswith(last)):
        return False
    place = len(first)
    for piece in between:
        found = new.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return place <= len(new) - len(last)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _only_added(old: bytes, new: bytes, edit: SiteEdit, path: str) -> bool:
    room = 3 * sum(len(hunk.new) for hunk in edit.hunks.get(path, ())) + _ROOM
    if len(new) - len(old) > room:
        return False
    return all(kind in ("equal", "insert") for kind, *_ in _opcodes(old, new))


def excess(expected: Tree, after: Tree) -> int:
    """How many bytes of a tree's pages and other files are otherwise than the oracle made them."""
    return sum(
        _distance(expected.get(path, b""), after.get(path, b"")) for path in sorted(expected.keys() | after.keys())
    )


def _distance(old: bytes, new: bytes) -> int:
    if old == new:
        return 0
    a, b = _sources(old), _sources(new)
    return sum(
        max(sum(map(len, a[i:j])), sum(map(len, b[k:m]))) for kind, i, j, k, m in _opcodes(old, new) if kind != "equal"
    )


def _opcodes(old: bytes, new: bytes) -> list[tuple[str, int, int, int, int]]:
    """How one page's parts become the other's; those that begin and end both are left out, as they are most."""
    a, b = _sources(old), _sources(new)
    start = _alike(a, b)
    end = _alike(a[start:][::-1], b[start:][::-1])
    codes = SequenceMatcher(None, a[start : len(a) - end], b[start : len(b) - end]).get_opcodes()
    return [(kind, i + start, j + start, k + start, m + start) for kind, i, j, k, m in codes]


def _alike(a: list[bytes], b: list[bytes]) -> int:
    """How many parts both begin with."""
    pairs = enumerate(zip(a, b, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(a), len(b)))


def _sources(data: bytes) -> list[bytes]:
    return [one.source for one in parts(data)]
