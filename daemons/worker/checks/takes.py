"""Compares what was read of a page at several times, of the version and of its parent; does no I/O.

What a script writes can differ by itself: by the clock, by chance, by the day. A difference of two versions counts only
if each time the one version had it and the other one had not. What else differs is marked as unsteady.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Take = dict[str, Any]
Block = dict[str, Any]

# What is no content: where a block stands on the screen, which moves with what is above, and what we noted ourselves.
_NO_CONTENT = frozenset({"box", "phone", "section", "unsteady", "style"})


def differing(take: Take, others: Sequence[Take], again: Sequence[Take]) -> Iterator[Block]:
    """The blocks of a take that the takes `again` of the same version have, too, and none of the `others` has."""
    steady = _fewest([take, *again])
    elsewhere = _most(others)
    for block, key, number in _numbered(take):
        if elsewhere[key] < number <= steady[key]:
            yield block


def same_but_style(block: Block, others: Sequence[Take]) -> bool:
    """Whether one of these takes has the block, in another style."""
    return any(_bare(block) == _bare(other) for take in others for other in take["blocks"])


def mark_unsteady(take: Take, again: Sequence[Take], others: Sequence[Take]) -> None:
    """Mark the blocks that were not there each time, or that the other version's first take alone lacked by chance."""
    steady, first, elsewhere = _fewest([take, *again]), _most(others[:1]), _most(others)
    for block, key, number in _numbered(take):
        if number > steady[key] or first[key] < number <= elsewhere[key]:
            block["unsteady"] = True


def _numbered(take: Take) -> Iterator[tuple[Block, str, int]]:
    """Each block with its content and the number of its occurrence."""
    seen: Counter[str] = Counter()
    for block in take.get("blocks", ()):
        key = _key(block, take)
        seen[key] += 1
        yield block, key, seen[key]


def _count(take: Take) -> Counter[str]:
    return Counter(_key(block, take) for block in take.get("blocks", ()))


def _fewest(takes: Sequence[Take]) -> Counter[str]:
    return _each(takes, min)


def _most(takes: Sequence[Take]) -> Counter[str]:
    return _each(takes, max)


def _each(takes: Sequence[Take], choose: Callable[[list[int]], int]) -> Counter[str]:
    counts = [_count(take) for take in takes]
    return Counter(
        {key: choose([count[key] for count in counts]) for key in {key for count in counts for key in count}}
    )


def _key(block: Block, take: Take) -> str:
    style = take["styles"][block["style"]] if block["style"] < len(take["styles"]) else None
    return json.dumps([_bare(block), style], sort_keys=True)


def _bare(block: Block) -> Block:
    return {key: value for key, value in block.items() if key not in _NO_CONTENT}
