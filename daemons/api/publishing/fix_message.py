"""Writes the request that mends problems, as its owner could have written it; pure."""

from collections.abc import Sequence

from shared.domain.problem import Problem
from shared.domain.vocabulary import MESSAGE_LIMIT

_BEGIN = "Fix these problems, and change nothing else:"
_ROOM_FOR_REST = 100


def fix_message(problems: Sequence[Problem]) -> str:
    """A message with a line for each problem, as many as a message can hold; it says how many are left out."""
    lines, room = [_BEGIN], MESSAGE_LIMIT - len(_BEGIN) - _ROOM_FOR_REST
    for problem in problems:
        line = f"- {' '.join(problem.text.split())}"
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    left = len(problems) + 1 - len(lines)
    return "\n".join([*lines, f"- and {left:,} more of the same kinds"] if left else lines)
