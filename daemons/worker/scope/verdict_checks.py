"""Says in a version's record what the request concerned, what nobody asked for, and what was asked for and not done."""

from collections.abc import Iterable, Iterator, Sequence

from shared.domain.change_sentences import sentence
from shared.domain.job_outcome import NOTHING_SEEN
from shared.domain.manifest import Check, CheckStatus
from shared.domain.scope import Scope, ScopeSource
from shared.domain.visible_changes import ASKED, SCOPE, UNASKED, Verdict, VisibleChange, VisibleChanges

_MOST_TOLD = 20
_MOST_NAMED = 5
_CONCERNS = {
    ScopeSource.WORDS: "Concerns: {what}, by the words of the request",
    ScopeSource.MODEL: "Concerns: {what}, as the model understood the request",
    ScopeSource.OWNER: "Concerns: {what}, as you said",
}
_EVERY_PAGE = "every page"
_FILE = "{}: changed in its source, and nobody asked for that"
_MISSED = "Asked for {}, which did not change."


def verdict_checks(
    changes: VisibleChanges, still: Sequence[str], missed: Sequence[str], *, is_unseen: bool, did_some: bool
) -> tuple[Check, ...]:
    """The checks: an unasked change fails, a doubtful one warns; a request of which nothing was done fails too.

    `still` is what nobody asked for in the version before and is so still.
    """
    asked = _asked(missed, is_unseen=is_unseen, did_some=did_some)
    return (*_scope(changes.scope), *_unasked(changes, still), *asked)


def _scope(scope: Scope | None) -> Iterator[Check]:
    if scope and scope.source in _CONCERNS:
        more = len(scope.pages) - _MOST_NAMED
        named = ", ".join(scope.pages[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        what = _EVERY_PAGE if scope.everywhere else named
        if what:
            told = _CONCERNS[scope.source].format(what=what)
            yield Check(name=SCOPE, status=CheckStatus.PASSED, findings=(told,))


def _unasked(changes: VisibleChanges, still: Sequence[str]) -> Iterator[Check]:
    unasked = [sentence(one) for one in _of(changes.changes, Verdict.UNASKED)]
    pages = {page for one in _of(changes.changes, Verdict.UNASKED) for page in one.pages}
    unasked += [_FILE.format(path) for path in changes.unasked_files if path not in pages]
    unasked += still
    if unasked:
        yield _told(CheckStatus.FAILED, unasked)
    else:
        yield from doubt_checks(changes.changes)


def doubt_checks(changes: Iterable[VisibleChange]) -> Iterator[Check]:
    """The check that warns of doubtful changes, if nothing is unasked for sure."""
    if found := [sentence(one) for one in _of(changes, Verdict.DOUBTFUL)]:
        yield _told(CheckStatus.WARNING, found)


def _told(status: CheckStatus, found: Sequence[str]) -> Check:
    cut = [f"and {len(found) - _MOST_TOLD} more"] if len(found) > _MOST_TOLD else []
    return Check(name=UNASKED, status=status, findings=(*found[:_MOST_TOLD], *cut))


def _of(changes: Iterable[VisibleChange], verdict: Verdict) -> Iterator[VisibleChange]:
    return (one for one in changes if one.verdict is verdict)


def _asked(missed: Sequence[str], *, is_unseen: bool, did_some: bool) -> Iterator[Check]:
    """A page that was asked for and did not change; if others that were asked for did, it may have been in order."""
    if is_unseen:
        yield Check(name=ASKED, status=CheckStatus.FAILED, findings=(NOTHING_SEEN,))
    elif missed:
        status = CheckStatus.WARNING if did_some else CheckStatus.FAILED
        yield Check(name=ASKED, status=status, findings=tuple(map(_MISSED.format, missed[:_MOST_TOLD])))
