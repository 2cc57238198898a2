"""The model's second look at an edit that was judged: it can add doubt, and takes no finding away; pure."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemons.worker.scope.judgement import in_order
from daemons.worker.scope.verdict_checks import doubt_checks
from shared.domain.change_sentences import sentence
from shared.domain.manifest import Check, CheckStatus
from shared.domain.model_questions import (
    LONGEST_CHANGE,
    MOST_CHANGES_ASKED,
    AskedChange,
    Done,
    LookAnswer,
    LookQuestion,
)
from shared.domain.visible_changes import ASKED, UNASKED, Verdict, VisibleChange, VisibleChanges

_LONGEST_SAID = 200
_SAYS = "The model says: {}"
_DOUBTS = "The model doubts that all of it was done."


@dataclass(frozen=True)
class LookedAt:
    """An edit's changes and checks."""

    changes: VisibleChanges
    checks: tuple[Check, ...]


def look_question(message: str, changes: VisibleChanges) -> LookQuestion:
    """The question to the model, with as many changes as it is told of, in words."""
    told = [
        AskedChange(number=number, text=_with_pages(change)[:LONGEST_CHANGE])
        for number, change in enumerate(changes.changes[:MOST_CHANGES_ASKED])
    ]
    return LookQuestion(message=message, changes=tuple(told), left_out=max(0, changes.total - len(told)))


def _with_pages(change: VisibleChange) -> str:
    """A change that several pages have names a few of them."""
    pages = f" ({', '.join(change.pages[:5])})" if change.page_count > 1 else ""
    return sentence(change) + pages


def with_doubts(edit: LookedAt, answer: LookAnswer) -> LookedAt:
    """The edit with what the model doubts: changes become doubtful at most, and what is missing is a warning."""
    doubted = {number for number in answer.unasked if number < MOST_CHANGES_ASKED}
    changes = in_order(
        change.model_copy(update={"verdict": Verdict.DOUBTFUL})
        if number in doubted and change.verdict is Verdict.ASKED
        else change
        for number, change in enumerate(edit.changes.changes)
    )
    others = tuple(check for check in edit.checks if not _is_retold(check))
    unasked = () if any(check.name == UNASKED for check in others) else doubt_checks(changes)
    missing = () if any(check.name == ASKED for check in others) else _missing(edit.checks, answer)
    return LookedAt(edit.changes.model_copy(update={"changes": changes}), (*others, *unasked, *missing))


def _is_retold(check: Check) -> bool:
    """Whether the model's doubts come into this check; one that failed stays as it is."""
    return check.name in (UNASKED, ASKED) and check.status is CheckStatus.WARNING


def _missing(checks: Sequence[Check], answer: LookAnswer) -> Iterator[Check]:
    known = tuple(finding for check in checks if check.name == ASKED for finding in check.findings)
    said = tuple(_SAYS.format(text) for text in dict.fromkeys(map(_one_line, answer.missing)) if text)
    doubts = () if answer.done is Done.DONE else said or (_DOUBTS,)
    if findings := (*known, *doubts):
        yield Check(name=ASKED, status=CheckStatus.WARNING, findings=findings)


def _one_line(text: str) -> str:
    """A model's words without line ends, control characters and signs that turn the direction of a text."""
    shown = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    return " ".join(shown.split())[:_LONGEST_SAID]
