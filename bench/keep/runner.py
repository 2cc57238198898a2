"""Plays tasks: each player edits each site, the product looks at what it left, and the run is scored."""

import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from itertools import groupby

from bench.keep.looks import BaseLine, base_line, look
from bench.keep.players import Player, play
from bench.keep.requests import task
from bench.keep.scoring import Score, score
from bench.keep.sites import site
from bench.keep.tasks import TaskKind
from shared.domain.visible_changes import VisibleChanges


@dataclass(frozen=True, order=True)
class Run:
    """One player at one task of one site."""

    site: str
    kind: TaskKind
    player: Player


async def scores(runs: Iterable[Run]) -> AsyncIterator[Score]:
    """The score of each run that can be made; the runs of a site, and in it those of a task, come together."""
    for name, of_site in groupby(runs, key=lambda run: run.site):
        base = await base_line(site(name).tree)
        for kind, of_task in groupby(of_site, key=lambda run: run.kind):
            async for one in _of_task(name, kind, [run.player for run in of_task], base):
                yield one


async def _of_task(name: str, kind: TaskKind, players: list[Player], base: BaseLine) -> AsyncIterator[Score]:
    """The oracle plays first in any case: what is seen of its version is what may change on each page."""
    this = task(name, kind)
    of_oracle: VisibleChanges | None = None
    for player in (Player.ORACLE, *(one for one in players if one is not Player.ORACLE)):
        started = time.perf_counter()
        played = play(player, this, base.source)
        if not played:
            continue
        seen = await look(this, played, base)
        of_oracle = seen.changes if player is Player.ORACLE else of_oracle
        if player in players:
            yield score(this, player, base.source, played, seen, of_oracle, time.perf_counter() - started)
