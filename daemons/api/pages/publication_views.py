"""What publishing a version changes for visitors, as the question before it tells it: in words; pure."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from daemons.api.sites.version_steps import VersionSteps
from htmx_ui.change_parts import ToldChange, ToldChanges, told_change, told_changes
from htmx_ui.publication_parts import ToldPublication, ToldStep
from shared.domain.manifest import Manifest
from shared.domain.problem import Problem, without_since
from shared.domain.visible_changes import UNASKED


def told_publication(steps: VersionSteps, blocking: Iterable[Problem]) -> ToldPublication:
    """The versions between two with their words; apart from them what nobody asked for, as far as it is `blocking`."""
    apart = tuple(told_change(problem.text) for problem in blocking if problem.check == UNASKED)
    return ToldPublication(
        unasked=ToldChanges(unasked=apart),
        gained=tuple(_step(manifest, apart) for manifest in steps.gained),
        lost=tuple(_step(manifest) for manifest in steps.lost),
        unread_from=steps.unread_from,
        unread_to=steps.unread_to,
    )


def _step(manifest: Manifest, apart: Collection[ToldChange] = ()) -> ToldStep:
    return ToldStep(
        number=manifest.number,
        kind=manifest.kind,
        message=manifest.message,
        is_first=manifest.parent is None,
        told=_own(manifest, apart) if manifest.visible_changes else None,
    )


def _own(manifest: Manifest, apart: Collection[ToldChange]) -> ToldChanges:
    """What a version changed itself, but for what is told apart; what was so before it is told with its version."""
    told = told_changes(manifest.checks)
    own = (one for one in (*told.unasked, *told.named) if without_since(one.text) == one.text and one not in apart)
    told = replace(told, named=tuple(dict.fromkeys(own)), unasked=())
    return told if told.doubtful else replace(told, others=told.others + told.other_unasked, other_unasked=0)
