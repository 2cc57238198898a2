"""Builders make `public/` (what is served) from `source/` (what is edited)."""

from collections.abc import Callable

from shared.tree import Tree

Builder = Callable[[Tree], Tree]


def build_plain(source: Tree) -> Tree:
    """A site of plain files is served as it is."""
    return source


BUILDERS: dict[str, Builder] = {"plain": build_plain}
