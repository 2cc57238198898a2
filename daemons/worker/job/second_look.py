"""Lets the model look at an edit once more after its checks; without an answer everything stays as it was."""

from dataclasses import replace

from daemons.worker.checks.run import Checked
from daemons.worker.model_relay.model_queries import ask_look
from daemons.worker.scope.second_look import LookedAt, look_question, with_doubts
from shared.domain.vocabulary import JobKind, JobRequest
from shared.runtime.settings import WorkerSettings


async def look_again(request: JobRequest, checked: Checked, settings: WorkerSettings) -> Checked:
    """The same with the model's doubts; of an edit alone, and only if somebody can see a change."""
    if request.kind is not JobKind.EDIT or not checked.changes or not checked.changes.changes:
        return checked
    answer = await ask_look(settings, request, look_question(request.message, checked.changes))
    if answer is None:
        return checked
    found = with_doubts(LookedAt(checked.changes, checked.checks), answer)
    return replace(checked, changes=found.changes, checks=found.checks)
