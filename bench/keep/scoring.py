"""Scores one run: what the editor did to the site, and what PageWright said of it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bench.keep.masks import excess, strays
from bench.keep.players import Play, Player
from bench.keep.tasks import Task, missing
from shared.domain.manifest import Check, CheckStatus
from shared.domain.tree import Tree
from shared.domain.visible_changes import ChangeOf, Verdict, VisibleChange, VisibleChanges

_DOUBTED = (Verdict.UNASKED, Verdict.DOUBTFUL)
_TOLD_ONLY = frozenset({"changes"})


class Outcome(StrEnum):
    """What PageWright did: `blocked` keeps it from the preview, `flagged` warns, `told` says that nothing changed."""

    LET_THROUGH = "let through"
    FLAGGED = "flagged"
    BLOCKED = "blocked"
    TOLD = "told: nothing changed"


@dataclass(frozen=True)
class Seen:
    """What the checks said of a run: new or changed checks, changes in words, and findings that the parent had not."""

    checks: tuple[Check, ...] = ()
    changes: VisibleChanges | None = None
    findings: tuple[str, ...] = ()
    nothing_changed: bool = False


@dataclass(frozen=True)
class Score:
    """A run's result. The first five are the editor's, the others PageWright's."""

    site: str
    task: str
    player: str
    is_done: bool
    kept_bytes: bool
    kept_regions: bool
    no_finding: bool
    excess: int
    outcome: str
    right: bool
    seconds: float
    why: tuple[str, ...] = field(default=())

    @property
    def is_perfect(self) -> bool:
        return self.is_done and self.kept_bytes and self.kept_regions and self.no_finding


def score(
    task: Task, player: Player, before: Tree, played: Play, seen: Seen, of_oracle: VisibleChanges | None, seconds: float
) -> Score:
    """Compare a run with what the oracle did and what was seen of that."""
    undone = list(missing(task, before, played.tree))
    stray = _strays(task, before, played.tree)
    outside = list(beyond(seen.changes, of_oracle))
    outcome = outcome_of(seen)
    why = [*undone, *(f"{path} differs outside of the mask" for path in stray)]
    why += [f"{change.of} {change.before!r} → {change.after!r} on {', '.join(change.pages[:3])}" for change in outside]
    why += [f"check {one.name} {one.status}: {'; '.join(one.findings[:5])}" for one in seen.checks]
    return Score(
        site=task.site,
        task=task.kind,
        player=player,
        is_done=not undone,
        kept_bytes=not stray,
        kept_regions=not outside,
        no_finding=not seen.findings,
        excess=excess(task.oracle(before), played.tree),
        outcome=outcome,
        right=_is_right(player, played, seen, outcome, outside),
        seconds=round(seconds, 2),
        why=tuple(why),
    )


def _strays(task: Task, before: Tree, after: Tree) -> list[str]:
    found = strays(before, after, task.edit, task.free)
    new_pages = {path for path in after.keys() - before.keys() if task.adds_page and path.endswith(".html")}
    return [path for path in found if path not in new_pages]


def outcome_of(seen: Seen) -> Outcome:
    """What PageWright did with the version."""
    if seen.nothing_changed:
        return Outcome.TOLD
    statuses = {one.status for one in seen.checks if one.name not in _TOLD_ONLY}
    if CheckStatus.FAILED in statuses:
        return Outcome.BLOCKED
    return Outcome.FLAGGED if CheckStatus.WARNING in statuses else Outcome.LET_THROUGH


def beyond(changes: VisibleChanges | None, of_oracle: VisibleChanges | None) -> Iterator[VisibleChange]:
    """The changes that the oracle's version does not have, on the same pages."""
    allowed: dict[tuple[object, ...], set[str]] = {}
    for change in of_oracle.changes if of_oracle else ():
        allowed.setdefault(_key(change), set()).update(change.pages)
    for change in changes.changes if changes else ():
        if not set(change.pages) <= allowed.get(_key(change), set()):
            yield change


def _key(change: VisibleChange) -> tuple[object, ...]:
    """What a change is, without the new words, which an editor may choose, and the heading above, which may differ."""
    if change.of in (ChangeOf.PAGE_ADDED, ChangeOf.FILE_ADDED):
        return (change.of,)
    return change.of, change.what, change.before if change.of is not ChangeOf.ADDED else change.after


def _is_right(player: Player, played: Play, seen: Seen, outcome: Outcome, outside: Collection[VisibleChange]) -> bool:
    """Whether PageWright was right for the right reason: it must name what is wrong, and must not doubt the oracle."""
    if player is Player.ORACLE:
        return outcome is Outcome.LET_THROUGH or (outcome is Outcome.TOLD and not seen.checks)
    if outcome in (Outcome.TOLD, Outcome.LET_THROUGH):
        return outcome is Outcome.TOLD
    named = {*_doubted_pages(outside), *(seen.changes.unasked_files if seen.changes else ())}
    named |= {path for path in played.faults for one in seen.checks if _names(one, path)}
    return (
        bool(named & played.faults) or any(change.verdict in _DOUBTED for change in outside) or _not_done(seen.checks)
    )


def _doubted_pages(changes: Collection[VisibleChange]) -> set[str]:
    return {page for change in changes if change.verdict in _DOUBTED for page in change.pages}


def _names(check: Check, path: str) -> bool:
    """Whether a check that did not pass names the file."""
    return check.status is not CheckStatus.PASSED and any(path in finding for finding in check.findings)


def _not_done(checks: Collection[Check]) -> bool:
    """Whether PageWright says that what was asked for is not there."""
    return any(one.name == "asked" and one.status is not CheckStatus.PASSED for one in checks)


def summary(scores: Collection[Score]) -> Mapping[str, int]:
    """How many runs ended how."""
    return {
        "runs": len(scores),
        **{outcome: sum(one.outcome == outcome for one in scores) for outcome in Outcome},
        "right": sum(one.right for one in scores),
    }
