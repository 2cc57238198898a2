"""An edit of a site as data: which bytes of which file are replaced by what. Who knows it knows what must stay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from shared.domain.tree import Tree


@dataclass(frozen=True, order=True)
class Hunk:
    """The bytes of a file from `start` to `end` become `new`; an editor may change those of `mask` in doing so."""

    start: int
    end: int
    new: bytes
    mask: tuple[int, int] | None = None

    @property
    def allowed(self) -> tuple[int, int]:
        return self.mask or (self.start, self.end)


@dataclass(frozen=True)
class SiteEdit:
    """The hunks of changed files by path, and the whole content of files that are new or replaced."""

    hunks: Mapping[str, tuple[Hunk, ...]] = field(default_factory=dict[str, tuple[Hunk, ...]])
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])

    def __bool__(self) -> bool:
        return bool(self.hunks or self.files)

    @property
    def touched(self) -> frozenset[str]:
        return frozenset(self.hunks) | frozenset(self.files)

    def apply(self, tree: Tree) -> Tree:
        """The tree after the edit."""
        changed = {path: spliced(tree[path], hunks) for path, hunks in self.hunks.items()}
        return {**tree, **self.files, **changed}

    def also(self, path: str, *hunks: Hunk) -> "SiteEdit":
        """The same edit with more hunks in one file."""
        return replace(self, hunks={**self.hunks, path: (*self.hunks.get(path, ()), *hunks)})

    def without(self, path: str) -> "SiteEdit":
        """The same edit without what it does to one file."""
        hunks = {one: value for one, value in self.hunks.items() if one != path}
        return SiteEdit(hunks, {one: data for one, data in self.files.items() if one != path})


def spliced(data: bytes, hunks: Iterable[Hunk]) -> bytes:
    """The bytes with these hunks, which don't overlap, put in."""
    pieces, place = [], 0
    for hunk in sorted(hunks, key=lambda one: (one.start, one.end)):
        pieces += [data[place : hunk.start], hunk.new]
        place = hunk.end
    return b"".join((*pieces, data[place:]))


def overlaps(hunks: Iterable[Hunk], start: int, end: int) -> bool:
    """Whether one of the hunks changes bytes between these places, or next to them."""
    return any(hunk.start <= end and hunk.end >= start for hunk in hunks)
