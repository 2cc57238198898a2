"""Matches a page's blocks before and after an edit: by content first, then by likeness, then wherever they went."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from daemons.worker.checks.page_blocks import TITLES, Block

_LIKE = 0.5  # of two texts that are one changed text, at least this share is the same
_LONGEST_LIST = 40  # longer stretches are matched in their order, because likeness costs the square of their length

_Key = tuple[object, ...]


@dataclass(frozen=True)
class Pair:
    """A block before and after; `moved` if it stands elsewhere among the others."""

    old: Block
    new: Block
    moved: bool = False


@dataclass(frozen=True)
class Matching:
    """The pairs in the new page's order, and the blocks that only one of the two pages has."""

    pairs: tuple[Pair, ...]
    added: tuple[Block, ...]
    removed: tuple[Block, ...]


def match(before: Sequence[Block], after: Sequence[Block]) -> Matching:
    """Match the blocks of a page; takes time in proportion to the square of their number at most."""
    pairs: dict[int, Pair] = {}
    lost: dict[int, Block] = {}
    for op, old, until_old, new, until_new in _opcodes(before, after):
        if op == "equal":
            pairs |= {new + n: Pair(before[old + n], after[new + n]) for n in range(until_old - old)}
            continue
        alike = dict(_alike(before[old:until_old], after[new:until_new]))
        pairs |= {new + n: Pair(before[old + o], after[new + n]) for o, n in alike.items()}
        lost |= {old + n: before[old + n] for n in range(until_old - old) if n not in alike}
    found = {n: after[n] for n in range(len(after)) if n not in pairs}
    for o, n in _moves(lost, found):
        pairs[n] = Pair(lost.pop(o), found.pop(n), moved=True)
    return Matching(tuple(pairs[n] for n in sorted(pairs)), tuple(found.values()), tuple(lost.values()))


def _content(block: Block) -> _Key:
    return (block.role, block.text, block.address, block.name)


def _numbered(blocks: Sequence[Block]) -> list[_Key]:
    """The contents, each with the number of its occurrence: no key occurs twice, which keeps the matcher fast."""
    seen: Counter[_Key] = Counter()
    keys: list[_Key] = []
    for key in map(_content, blocks):
        seen[key] += 1
        keys.append((*key, seen[key]))
    return keys


def _opcodes(before: Sequence[Block], after: Sequence[Block]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, _numbered(before), _numbered(after), autojunk=False).get_opcodes()


def _alike(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Which blocks of two stretches are one block that changed, in their order."""
    if [one.role for one in old] == [one.role for one in new] or max(len(old), len(new)) > _LONGEST_LIST:
        yield from ((n, n) for n, (one, other) in enumerate(zip(old, new, strict=False)) if one.role is other.role)
        return
    start = 0
    for o, block in enumerate(old):
        rated = [(_likeness(block, new[n]), -n) for n in range(start, len(new))]
        likeness, place = max(rated, default=(0.0, 0))
        if likeness >= _LIKE:
            yield o, -place
            start = 1 - place


def _likeness(old: Block, new: Block) -> float:
    """How much of two blocks is the same, from 0 to 1; blocks of two kinds have nothing in common."""
    if old.role is not new.role and not {old.role, new.role} <= TITLES:
        return 0.0
    if (old.address and old.address == new.address) or (old.name and old.name == new.name):
        return 1.0
    return SequenceMatcher(None, old.text, new.text, autojunk=False).ratio()


def _moves(lost: dict[int, Block], found: dict[int, Block]) -> list[tuple[int, int]]:
    """Blocks of equal content that the one page lost and the other one has."""
    places: defaultdict[_Key, list[int]] = defaultdict(list)
    for n in reversed(found):
        places[_content(found[n])].append(n)
    return [(o, places[key].pop()) for o, block in lost.items() if places[key := _content(block)]]
