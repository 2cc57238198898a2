"""Says what visitors meet otherwise in one version than in another: pages by name, other files by kind; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping

from daemons.api.sites.differences import ChangeKind
from shared.domain.file_kinds import FileKind, file_kind
from shared.domain.manifest import FileList
from shared.domain.vocabulary import Record

_MOST_PAGES = 500


class OtherFiles(Record):
    """How many files of one kind, pages left out, are new, changed or gone."""

    kind: FileKind
    change: ChangeKind
    count: int


class ServedChanges(Record):
    """What visitors meet otherwise. Of each kind of page at most 500 paths are named; `unnamed` counts the others."""

    added: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unnamed: int = 0
    other: tuple[OtherFiles, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.modified or self.removed or self.other)


def served_changes(before: FileList | None, after: FileList) -> ServedChanges:
    """What changes for visitors who met the files `before` (None: nothing was public)."""
    old, new = _digests(before), _digests(after)
    changed = {path: _change(path, old, new) for path in old.keys() | new.keys() if old.get(path) != new.get(path)}
    pages = {path: change for path, change in changed.items() if file_kind(path) is FileKind.PAGE}
    others = Counter((file_kind(path), change) for path, change in changed.items() if path not in pages)
    named = {change: _sorted(path for path, of in pages.items() if of is change) for change in ChangeKind}
    return ServedChanges(
        **{change.value: paths[:_MOST_PAGES] for change, paths in named.items()},
        unnamed=sum(max(len(paths) - _MOST_PAGES, 0) for paths in named.values()),
        other=tuple(
            OtherFiles(kind=kind, change=change, count=others[kind, change])
            for change in ChangeKind
            for kind in FileKind
            if others[kind, change]
        ),
    )


def _digests(listed: FileList | None) -> dict[str, str]:
    return {file.path: file.sha256 for file in listed.files} if listed else {}


def _change(path: str, old: Mapping[str, str], new: Mapping[str, str]) -> ChangeKind:
    if path not in old:
        return ChangeKind.ADDED
    return ChangeKind.MODIFIED if path in new else ChangeKind.REMOVED


def _sorted(paths: Iterable[str]) -> tuple[str, ...]:
    """The home page first, then what lies at the top."""
    return tuple(sorted(paths, key=lambda path: (path != "index.html", path.count("/"), path)))
