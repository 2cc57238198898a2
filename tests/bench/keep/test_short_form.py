"""The short form of the benchmark, in the real browser: what was asked for is let through, known faults are named."""

import asyncio
from collections import Counter

import pytest

from bench.keep.players import SCRIPTED, Player
from bench.keep.runner import scores
from bench.keep.scoring import Score
from bench.keep.short_form import short_runs
from bench.keep.sites import OWN
from bench.keep.table import goals, misses
from bench.keep.tasks import TaskKind

RUNS = list(short_runs())


def test_each_site_kind_and_player_has_its_turns() -> None:
    tasks = list(dict.fromkeys((run.site, run.kind) for run in RUNS))
    assert Counter(kind for _, kind in tasks) == dict.fromkeys(TaskKind, 2)
    assert {name for name, _ in tasks} == set(OWN)
    assert min(Counter(run.player for run in RUNS).values()) >= 3
    assert {run.player for run in RUNS} == set(SCRIPTED)
    assert sum(run.player is Player.ORACLE for run in RUNS) == 24


@pytest.mark.usefixtures("sandbox")
def test_what_was_asked_for_is_let_through_and_faults_are_named() -> None:
    async def whole() -> list[Score]:
        return [one async for one in scores(RUNS, sites_at_once=len(OWN))]

    found = asyncio.run(whole())
    assert len(found) == len(RUNS)
    assert misses(found) == []
    assert [goal for goal, met in goals(found) if not met] == []
