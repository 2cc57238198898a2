"""Looks at a page and at its parent's version until it is known what an edit changed and what changes by itself."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from daemons.worker.checks.page_source import PageSource
from daemons.worker.checks.takes import Block, Take, differing, mark_unsteady, same_but_style

# So often both versions are looked at again if a script may have written what differs: chance with two or three
# outcomes then passes for an edit once in some ten thousand times.
_ROUNDS = 6

Look = Callable[[], Awaitable[Take]]


@dataclass(frozen=True)
class Comparison:
    """The parent's blocks to compare with, None if those that are known are still right.

    `is_certain` is false if it could not be found out what changes by itself.
    """

    before: Take | None
    is_certain: bool = True


class TwoVersions:
    """A page in both versions: a way to look at each once more, and the HTML of each."""

    def __init__(self, again: Look, parent: Look, new: PageSource, old: PageSource) -> None:
        self._again = again
        self._parent = parent
        self._new = new
        self._old = old

    async def compare(self, first: Take, known: Take) -> Comparison:
        """Compare what was seen first with what is `known` of the parent, empty if nothing is.

        A difference that the pages' own HTML explains needs no further look, nor does a page without scripts.
        """
        if known and not (first.get("moves") and self._doubts([first], [known])):
            return Comparison(None)
        takes, parents = [first], [await self._parent()]
        if not parents[0] or (first.get("moves") and not await self._look_until_certain(takes, parents)):
            return Comparison(None, is_certain=False)
        mark_unsteady(parents[0], parents[1:], takes)
        mark_unsteady(first, takes[1:], parents)
        return Comparison(parents[0])

    async def _look_until_certain(self, takes: list[Take], parents: list[Take]) -> bool:
        """Look at both in turn: what the time changes then differs between two looks at the same version, too.

        False if one of them can't be looked at again. No page changes only its style by itself, as a rule.
        """
        for look, kept in ((self._again, takes), (self._parent, parents)) * _ROUNDS:
            doubts = self._doubts(takes, parents)
            if all(same_but_style(block, others) for block, others in doubts):
                return True
            kept.append(await look())
            if not kept[-1]:
                return False
        return True

    def _doubts(self, takes: list[Take], parents: list[Take]) -> list[tuple[Block, list[Take]]]:
        """The blocks that differ and that a script may have written, each with what was seen of the other version."""
        new = differing(takes[0], parents, takes[1:])
        old = differing(parents[0], takes, parents[1:])
        return [
            *((block, parents) for block in new if not _is_of(block, self._new, self._old)),
            *((block, takes) for block in old if not _is_of(block, self._old, self._new)),
        ]


def _is_of(block: Block, own: PageSource, other: PageSource) -> bool:
    """Whether the HTML of one version alone has the block."""
    told = block.get("text", ""), block.get("address", "")
    return own.has(*told) and not other.has(*told)
