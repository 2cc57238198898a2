"""Decides how a job ends that changed no file; the answer says so first, and quotes the agent after that."""

from daemons.worker.base import Base
from daemons.worker.job.editing import Edited
from shared.domain.errors import BadGateway
from shared.domain.job_outcome import NOTHING_CHANGED, tell_unchanged
from shared.domain.vocabulary import JobKind, JobRequest, JobState, Outcome


class AllCommandsFailed(BadGateway):
    """Every command of the agent failed: most likely its model can't use the tools. `answer` quotes the agent."""

    def __init__(self, edited: Edited) -> None:
        failed = edited.tally.failed
        which = "the agent's only command failed" if failed == 1 else f"all {failed} commands of the agent failed"
        super().__init__(
            f"Nothing was changed, because {which}.",
            "Ask once more in other words. If it happens again, tell the operator of this site: `pagewright doctor` "
            "says whether the model can change sites.",
        )
        self.answer = tell_unchanged(edited.answer) if edited.answer else ""


def unchanged(request: JobRequest, base: Base, edited: Edited) -> Outcome:
    """The outcome of a job that changed no file. Raises AllCommandsFailed if all that the agent tried failed."""
    if request.kind is JobKind.EDIT and edited.tally.nothing_worked:
        raise AllCommandsFailed(edited)
    return Outcome(state=JobState.SUCCEEDED, answer=_answer(request, base, edited))


def _answer(request: JobRequest, base: Base, edited: Edited) -> str:
    if request.kind is JobKind.EDIT:
        return tell_unchanged(edited.answer, edited.tally.fact)
    if request.undo:
        return f"{NOTHING_CHANGED} The change of version {request.undo} is undone already."
    if request.keep_asked:
        return f"{NOTHING_CHANGED} {edited.answer}"
    if request.kind is JobKind.RESTORE:
        return f"{NOTHING_CHANGED} The newest version, {base.number}, has the files of version {request.base} already."
    return NOTHING_CHANGED
