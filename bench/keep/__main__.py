"""Measures whether only what was asked for changes: 240 requests to 20 sites, and editors that make known faults.

`make bench-keep` plays all, with `ARGS="--sites own"` those of ours, with `ARGS="--only german,price,oracle"` what
matches: a part that is empty matches all. docs/bench-keep.md says how to read the table.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from bench.keep.players import SCRIPTED
from bench.keep.runner import Run, scores
from bench.keep.scoring import Score
from bench.keep.sites import OTHERS, OWN
from bench.keep.table import goals, lines, misses
from bench.keep.tasks import TaskKind

_SITES = {"own": tuple(OWN), "others": tuple(OTHERS), "all": (*OWN, *OTHERS)}


def chosen(sites: str, only: list[str]) -> Iterator[Run]:
    """The runs to make: of all that there are those that match one of `only`, SITE,TASK,PLAYER."""
    patterns = [pattern.split(",") for pattern in only] or [[]]
    for name in _SITES[sites]:
        for kind in TaskKind:
            for player in SCRIPTED:
                words = (name, kind, player)
                if any(_matches(pattern, words) for pattern in patterns):
                    yield Run(name, kind, player)


def _matches(pattern: list[str], words: tuple[str, ...]) -> bool:
    return all(wanted in ("", word) for wanted, word in zip(pattern, words, strict=False))


async def _play(runs: list[Run], kept: Path | None) -> list[Score]:
    found = []
    async for one in scores(runs, kept=kept):
        found.append(one)
        mark = "." if one.right else f"\n{one.site},{one.task},{one.player}: {one.outcome}\n"
        print(mark, end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    return found


def main() -> int:
    """Play, print the table and what was missed, and say by the exit code whether the goals are met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sites", choices=_SITES, default="all")
    parser.add_argument("--only", action="append", default=[], metavar="SITE,TASK,PLAYER")
    parser.add_argument(
        "--kept", type=Path, metavar="FOLDER", help="take from there what the browser saw, or put it there"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write each run's score there")
    arguments = parser.parse_args()
    found = asyncio.run(_play(list(chosen(arguments.sites, arguments.only)), arguments.kept))
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(one) for one in found], indent=1, ensure_ascii=False))
    print(*misses(found)[:50], "", *lines(found), sep="\n")
    return 0 if all(met for _, met in goals(found)) else 1


if __name__ == "__main__":
    sys.exit(main())
