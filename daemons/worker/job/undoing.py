"""Takes one version's change out of a newer source tree, if no later version touched the same files; does no I/O."""

import hashlib
from collections.abc import Sequence

from shared.domain.errors import Conflict
from shared.domain.manifest import Changes, FileChange, Manifest
from shared.domain.tree import Tree

_NAMED = 5


def without_change(made: Manifest, before: Tree, newest: Tree) -> Tree:
    """The `newest` tree with the files that the version `made` changed as they were `before` it.

    A file that is so already stays. Raises Conflict, which names them, if some are neither as before nor as after it.
    """
    touched = changed_since(made.files, newest)
    if touched:
        raise Conflict(
            f"Version {made.number} can’t be undone by itself: later versions changed the same files "
            f"({named(touched)}).",
            f"Continue from version {made.parent}, or say in words what should be as before.",
        )
    return with_files_of(before, made.files, newest)


def changed_since(changes: Changes, newest: Tree) -> list[str]:
    """The paths of files that the `newest` tree has neither as before these changes nor as after them."""
    return sorted(change.path for change in changes.files if _digest(newest, change.path) not in _known(change))


def with_files_of(before: Tree, changes: Changes, newest: Tree) -> Tree:
    """The `newest` tree with the files of these changes as the tree `before` has them."""
    paths = changes.paths
    kept = {path: data for path, data in newest.items() if path not in paths}
    return kept | {path: before[path] for path in paths if path in before}


def named(paths: Sequence[str]) -> str:
    """The first paths of a list, and how many more there are."""
    rest = f" and {len(paths) - _NAMED:,} more" if len(paths) > _NAMED else ""
    return f"{', '.join(paths[:_NAMED])}{rest}"


def _known(change: FileChange) -> tuple[str | None, str | None]:
    return change.before, change.after


def _digest(tree: Tree, path: str) -> str | None:
    return hashlib.sha256(tree[path]).hexdigest() if path in tree else None
