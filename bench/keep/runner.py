"""Plays tasks: each player edits each site, the product looks at what it left, and the run is scored."""

import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.keep.looks import BaseLine, asked, base_line, look
from bench.keep.page_views import PageViews
from bench.keep.players import Play, Player, play
from bench.keep.requests import task
from bench.keep.scoring import Score, score
from bench.keep.sites import site
from bench.keep.tasks import TaskKind
from daemons.worker.text.formats import restore_formats
from shared.domain.tree import Tree
from shared.domain.visible_changes import VisibleChanges


@dataclass(frozen=True, order=True)
class Run:
    """One player at one task of one site."""

    site: str
    kind: TaskKind
    player: Player


async def scores(runs: Sequence[Run], sites_at_once: int = 1, kept: Path | None = None) -> AsyncIterator[Score]:
    """The score of each run that can be made. The pages of so many sites are looked at together.

    What was seen is taken from the folder `kept`, and put there.
    """
    names = list(dict.fromkeys(run.site for run in runs))
    for start in range(0, len(names), sites_at_once):
        together = names[start : start + sites_at_once]
        async for one in _of_sites(together, [run for run in runs if run.site in together], PageViews(kept)):
            yield one


async def _of_sites(names: Sequence[str], runs: Sequence[Run], views: PageViews) -> AsyncIterator[Score]:
    trees = {name: site(name).tree for name in names}
    await views.load([(tree, (await asked(tree, None, "")).pages) for tree in trees.values()])
    bases = {name: await base_line(tree, views) for name, tree in trees.items()}
    played = dict(_played(runs))
    left = [(run, restore_formats(trees[run.site], one.tree)[0]) for run, one in played.items()]
    await views.load([
        (tree, (await asked(tree, bases[run.site], views.version)).pages)
        for run, tree in left
        if _differs(tree, trees[run.site])
    ])  # fmt: skip
    of_oracle: dict[tuple[str, TaskKind], VisibleChanges | None] = {}
    for run, one in played.items():
        found, changes = await _scored(run, one, bases[run.site], views, of_oracle.get((run.site, run.kind)))
        if run.player is Player.ORACLE:
            of_oracle[run.site, run.kind] = changes
        if run in runs:
            yield found


def _played(runs: Sequence[Run]) -> Iterator[tuple[Run, Play]]:
    """Each run with what its player left; before those of a task the oracle's, which says what may change on a page."""
    for run in dict.fromkeys(_with_oracles(runs)):
        this = task(run.site, run.kind)
        if found := play(run.player, this, site(run.site).tree):
            yield run, found


def _with_oracles(runs: Iterable[Run]) -> Iterator[Run]:
    for run in runs:
        yield Run(run.site, run.kind, Player.ORACLE)
        yield run


async def _scored(
    run: Run, played: Play, base: BaseLine, views: PageViews, of_oracle: VisibleChanges | None
) -> tuple[Score, VisibleChanges | None]:
    started = time.perf_counter()
    this = task(run.site, run.kind)
    seen = await look(this, played, base, views)
    allowed = seen.changes if run.player is Player.ORACLE else of_oracle
    found = score(this, run.player, base.source, played, seen, allowed, time.perf_counter() - started)
    return found, seen.changes


def _differs(tree: Tree, other: Tree) -> bool:
    return dict(tree) != dict(other)
