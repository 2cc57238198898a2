"""Finds files whose change nobody asked for, whether it shows or not: rewritten, or outside of the scope; pure."""

from collections import defaultdict
from collections.abc import Iterator

from daemons.worker.checks.addresses import is_page
from daemons.worker.scope.edit_facts import Edit
from daemons.worker.scope.evidence import said
from daemons.worker.scope.source_edits import SourceEdit
from shared.domain.scope import Concern
from shared.domain.visible_changes import ChangeOf, Verdict, VisibleChange

# A few pieces are written otherwise by many an editor, at the end of a file or beside what it changed.
_FEW_REWRITTEN = 3
_SHOWN_BY = frozenset({ChangeOf.ADDED, ChangeOf.PAGE_ADDED})


def is_rewritten(edit: SourceEdit) -> bool:
    """Whether much of a file is only written otherwise, which nobody sees."""
    return edit.rewritten > _FEW_REWRITTEN or (edit.rewritten > 0 and not edit.hunks)


def is_seen_by_nobody(edit: SourceEdit) -> bool:
    """Whether nothing of a file means anything else: blanks, comments, the order of attributes."""
    return not edit.hunks


def unasked_files(edit: Edit, judged: tuple[VisibleChange, ...]) -> tuple[str, ...]:
    """The paths, sorted, of files that were rewritten or that changed outside of what the request concerns."""
    verdicts: defaultdict[str, set[Verdict]] = defaultdict(set)
    for change in judged:
        for page in change.pages:
            verdicts[page].add(change.verdict or Verdict.ASKED)
    return tuple(sorted({*_rewritten(edit), *_outside(edit, verdicts), *_styles(edit, judged)}))


def _rewritten(edit: Edit) -> Iterator[str]:
    if not edit.request.asks_source:
        yield from (one.path for one in edit.edits if is_rewritten(one))


def _outside(edit: Edit, verdicts: defaultdict[str, set[Verdict]]) -> Iterator[str]:
    """Pages that the request does not concern: all of their changes are unasked, or none of them shows."""
    if edit.is_unnamed or edit.concerned is None:
        return
    for one in edit.edits:
        if not is_page(one.path) or one.path in edit.concerned:
            continue
        found = verdicts[one.path]
        is_hidden = not found and not edit.moves_pages and not edit.request.asks_unseen and edit.is_whole
        if found == {Verdict.UNASKED} or (is_hidden and not _is_said(edit, one)):
            yield one.path


def _is_said(edit: Edit, one: SourceEdit) -> bool:
    return any(said(edit.request, hunk.text) for hunk in one.hunks)


def _styles(edit: Edit, judged: tuple[VisibleChange, ...]) -> Iterator[str]:
    """Style sheets and scripts, if the request wants texts, links or pictures, and no new part that might need them."""
    kinds = edit.request.kinds
    if not kinds or edit.is_unnamed or edit.request.is_broad or Concern.STYLE in kinds or edit.request.asks_unseen:
        return
    if any(change.of in _SHOWN_BY and change.verdict is not Verdict.UNASKED for change in judged):
        return
    yield from (one.path for one in edit.edits if not is_page(one.path) and not _is_said(edit, one))
