"""Builders make `public/` (what is served) from `source/` (what is edited)."""

from collections.abc import Callable, Collection

from shared.domain.serving.media_types import is_document
from shared.domain.tree import Tree

Builder = Callable[[Tree], Tree]

_COMPRESSED = (".gz", ".br", ".zst")


def build_plain(source: Tree) -> Tree:
    """Serve all source files except compressed copies, which the web hosts make themselves.

    A compressed copy in the source could be out of date, or a page that no check has seen.
    """
    return {path: data for path, data in source.items() if not _is_compressed_form(path, source)}


def _is_compressed_form(path: str, files: Collection[str]) -> bool:
    original, dot, kind = path.rpartition(".")
    return dot + kind.lower() in _COMPRESSED and (original in files or is_document(original))


BUILDERS: dict[str, Builder] = {"plain": build_plain}
