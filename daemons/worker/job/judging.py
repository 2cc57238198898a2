"""Judges an edit after its checks, and puts the verdicts into what is stored of it."""

from dataclasses import replace

from daemons.worker.base import Base
from daemons.worker.checks.run import Checked
from daemons.worker.job.editing import Edited
from daemons.worker.scope.judged_edit import judge_edit
from daemons.worker.scope.read_request import read_request
from shared.domain.job_outcome import tell_unseen
from shared.domain.kept_version import kept_by
from shared.domain.manifest import Changes
from shared.domain.vocabulary import JobKind, JobRequest, SiteHead


def judge_version(
    request: JobRequest, head: SiteHead, base: Base, *, edited: Edited, changes: Changes, checked: Checked
) -> tuple[Edited, Checked]:
    """The same with a verdict on each change; of an edit alone, and only if its parent is known."""
    if request.kind is not JobKind.EDIT or not checked.changes:
        return edited, checked
    read = edited.request or read_request(request.message, base.source, request.scope)
    parent = None if base.number is None or kept_by(head, base.number) else base.manifest
    found = judge_edit(read, base.source, edited.source, changes, checked.changes, parent)
    told = replace(edited, answer=tell_unseen(edited.answer)) if found.is_unseen else edited
    return told, replace(checked, changes=found.changes, checks=(*checked.checks, *found.checks))
