"""Takes one version's change out of a newer source tree, if no later version touched the same files; does no I/O."""

import hashlib

from shared.domain.errors import Conflict
from shared.domain.manifest import FileChange, Manifest
from shared.domain.tree import Tree

_NAMED = 5


def without_change(made: Manifest, before: Tree, newest: Tree) -> Tree:
    """The `newest` tree with the files that the version `made` changed as they were `before` it.

    A file that is so already stays. Raises Conflict, which names them, if some are neither as before nor as after it.
    """
    changes = (*made.files.added, *made.files.modified, *made.files.removed)
    touched = sorted(change.path for change in changes if _digest(newest, change.path) not in _known(change))
    if touched:
        rest = f" and {len(touched) - _NAMED:,} more" if len(touched) > _NAMED else ""
        raise Conflict(
            f"Version {made.number} can’t be undone by itself: later versions changed the same files "
            f"({', '.join(touched[:_NAMED])}{rest}).",
            f"Continue from version {made.parent}, or say in words what should be as before.",
        )
    paths = {change.path for change in changes}
    kept = {path: data for path, data in newest.items() if path not in paths}
    return kept | {path: before[path] for path in paths if path in before}


def _known(change: FileChange) -> tuple[str | None, str | None]:
    return change.before, change.after


def _digest(tree: Tree, path: str) -> str | None:
    return hashlib.sha256(tree[path]).hexdigest() if path in tree else None
