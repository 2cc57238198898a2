"""Finds what nobody asked for in the version before an edit, and what the edit leaves as it is; pure."""

from collections.abc import Collection, Iterable, Iterator

from shared.domain.change_sentences import sentence
from shared.domain.manifest import Check, CheckStatus
from shared.domain.problem import without_since
from shared.domain.visible_changes import UNASKED, ChangeOf, VisibleChange

_REVERSE = {ChangeOf.ADDED: ChangeOf.REMOVED, ChangeOf.REMOVED: ChangeOf.ADDED}
_STILL = "still as in version {}: {}"


def still_unasked(
    parent: int, checks: Iterable[Check], changes: Iterable[VisibleChange], touched: Collection[str]
) -> tuple[str, ...]:
    """What the check `unasked` failed by among those of version `parent`, with the version that brought it.

    A part that the edit changed again is left out, because that change is judged for itself; so is the source of a file
    that the edit `touched`.
    """
    listed = [
        finding
        for check in checks
        if check.name == UNASKED and check.status is CheckStatus.FAILED
        for finding in check.first(check.count)
    ]
    again = [telling for change in changes for telling in _tellings(change)]
    return tuple(
        finding if without_since(finding) != finding else _STILL.format(parent, finding)
        for finding in listed
        if not any(telling in finding for telling in again) and not _is_of_a_file(without_since(finding), touched)
    )


def _tellings(change: VisibleChange) -> Iterator[str]:
    """What stands in the sentence of an earlier change of the same part: the part, its text by then, or the reverse."""
    reverse = {"of": _REVERSE.get(change.of, change.of), "before": change.after, "after": change.before}
    yield sentence(change.model_copy(update=reverse))
    if change.before and change.of not in _REVERSE:
        yield sentence(change).partition("“")[0]
        yield f"“{change.before}”"


def _is_of_a_file(finding: str, touched: Collection[str]) -> bool:
    return finding.partition(": changed in its source")[0] in touched
