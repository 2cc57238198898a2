"""The short form: 24 tasks over the ten sites of ours, each kind twice, with the oracle and one fault in turn."""

from collections.abc import Iterator
from itertools import cycle, islice

from bench.keep.players import SCRIPTED, Player, play
from bench.keep.requests import task
from bench.keep.runner import Run
from bench.keep.sites import OWN, site
from bench.keep.tasks import TaskKind

_TASKS = 24
_FAULTS_EACH = 1


def short_runs() -> Iterator[Run]:
    """The runs of the short form; a fault that a task can't have waits for the next task."""
    waiting = [player for player in SCRIPTED if player is not Player.ORACLE]
    for name, kind in zip(islice(cycle(OWN), _TASKS), cycle(TaskKind), strict=False):
        yield Run(name, kind, Player.ORACLE)
        playable = [one for one in waiting if play(one, task(name, kind), site(name).tree)][:_FAULTS_EACH]
        waiting = [one for one in waiting if one not in playable] + playable
        yield from (Run(name, kind, player) for player in playable)
