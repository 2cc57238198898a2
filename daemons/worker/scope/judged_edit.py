"""Judges one edit, from its two source trees and what changed on its pages, and makes the checks that tell of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from daemons.worker.checks.addresses import is_page
from daemons.worker.scope.edit_facts import Edit
from daemons.worker.scope.judgement import judged, pages_missed
from daemons.worker.scope.read_request import ReadRequest
from daemons.worker.scope.source_edits import SourceEdit, source_edit
from daemons.worker.scope.still_unasked import still_unasked
from daemons.worker.scope.unasked_files import is_seen_by_nobody, unasked_files
from daemons.worker.scope.verdict_checks import verdict_checks
from shared.domain.file_kinds import FileKind, file_kind
from shared.domain.manifest import Changes, Check, Manifest
from shared.domain.tree import Tree
from shared.domain.visible_changes import MOST_PAGES_NAMED, VisibleChanges

_TEXTS = frozenset({FileKind.PAGE, FileKind.STYLE, FileKind.SCRIPT})


@dataclass(frozen=True)
class JudgedEdit:
    """The changes with their verdicts, and what the version's record says of them.

    `is_unseen` if the edit changed only bytes that nobody sees.
    """

    changes: VisibleChanges
    checks: tuple[Check, ...]
    is_unseen: bool


def judge_edit(
    request: ReadRequest,
    before: Tree,
    after: Tree,
    changed: Changes,
    seen: VisibleChanges,
    parent: Manifest | None = None,
) -> JudgedEdit:
    """Judge what an edit changed, by what its request concerns.

    What nobody asked for in the `parent` is told of again; None if somebody keeps all of it.
    """
    edits = tuple(_edits(before, after, changed))
    edit = Edit(request.words, request.scope, request.named, seen.changes, edits, is_whole=_is_whole(seen))
    told = judged(edit)
    files = unasked_files(edit, told)
    touched = changed.paths
    unseen = not changed.added and not changed.removed and len(edits) == len(touched)
    is_unseen = unseen and not seen.total and all(map(is_seen_by_nobody, edits))
    changes = seen.model_copy(update={"changes": told, "scope": request.scope, "unasked_files": files})
    missed = () if is_unseen else pages_missed(edit, touched)
    still = still_unasked(parent.number, parent.checks, seen.changes, touched) if parent else ()
    checks = verdict_checks(changes, still, missed, is_unseen=is_unseen, did_some=_did_some(edit, touched))
    return JudgedEdit(changes, checks, is_unseen)


def _did_some(edit: Edit, touched: frozenset[str]) -> bool:
    """Whether any page that the request names changed."""
    return not edit.named.isdisjoint({page for change in edit.changes for page in change.pages} | touched)


def _is_whole(seen: VisibleChanges) -> bool:
    """Whether every page that has a visible change is named."""
    cut = any(change.page_count > MOST_PAGES_NAMED for change in seen.changes)
    return not cut and not seen.unread_count and seen.total == len(seen.changes)


def _edits(before: Tree, after: Tree, changed: Changes) -> Iterator[SourceEdit]:
    for change in changed.modified:
        if is_page(change.path) or file_kind(change.path) in _TEXTS:
            yield source_edit(change.path, before[change.path], after[change.path])
