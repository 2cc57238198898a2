"""The table that the benchmark prints, and whether its goals are met."""

from collections.abc import Collection

from bench.keep.players import Player
from bench.keep.scoring import Outcome, Score, summary

RIGHT_OF_FAULTY = 0.98


def lines(scores: Collection[Score]) -> list[str]:
    """A line for each player, and one for each goal."""
    names = ("runs", "blocked", "flagged", "told", "through", "right", "perfect", "excess", "s each")
    head = f"{'player':14}" + "".join(f"{name:>9}" for name in names)
    found = [head]
    for player in Player:
        own = [one for one in scores if one.player == player]
        if own:
            found.append(_line(player, own))
    return [*found, "", *(f"{'met   ' if met else 'MISSED'} {goal}" for goal, met in goals(scores))]


def _line(player: Player, own: Collection[Score]) -> str:
    of = summary(own)
    ends = [of[end] for end in (Outcome.BLOCKED, Outcome.FLAGGED, Outcome.TOLD, Outcome.LET_THROUGH)]
    perfect = sum(one.is_perfect for one in own)
    excess, seconds = sum(one.excess for one in own) // len(own), sum(one.seconds for one in own) / len(own)
    counts = "".join(f"{count:>9,}" for count in (len(own), *ends, of["right"], perfect, excess))
    return f"{player:14}{counts}{seconds:>9.1f}"


def goals(scores: Collection[Score]) -> list[tuple[str, bool]]:
    """Each goal with the counts it is judged by, and whether it is met. The model sets none: it is what is measured."""
    oracle = [one for one in scores if one.player == Player.ORACLE]
    faulty = [one for one in scores if one.player not in (Player.ORACLE, Player.MODEL)]
    found = []
    if oracle:
        through, perfect = sum(one.right for one in oracle), sum(one.is_perfect for one in oracle)
        found.append((f"the oracle is let through in {through} of {len(oracle)} tasks", through == len(oracle)))
        found.append((f"the oracle's edit is right in {perfect} of {len(oracle)} tasks", perfect == len(oracle)))
    if faulty:
        right = sum(one.right for one in faulty)
        goal = (
            f"{right} of {len(faulty)} faulty runs are named for the right reason ({right / len(faulty):.1%} of 98 %)"
        )
        found.append((goal, right >= RIGHT_OF_FAULTY * len(faulty)))
        harmless = [f"{one.site},{one.task},{one.player}" for one in faulty if one.is_perfect]
        found.append((f"no faulty run is scored as perfect {' '.join(harmless[:5])}".strip(), not harmless))
    return found


def misses(scores: Collection[Score]) -> list[str]:
    """The runs to look at, each as --only takes it, and why."""
    wrong = [one for one in scores if not one.right or (one.player == Player.ORACLE and not one.is_perfect)]
    return [f"{one.site},{one.task},{one.player}: {one.outcome}; {' | '.join(one.why)[:600]}" for one in wrong]
