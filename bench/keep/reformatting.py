"""Writes a page's source anew as a formatter does: other line ends and indents, and for visitors nothing else."""

import re

from bench.keep.markup import parts

_KEPT = frozenset({"pre", "textarea", "svg"})
_BLOCKS = frozenset(
    "html head body title meta link header footer main nav section article div p ul ol li table tbody thead tr td th"
    " h1 h2 h3 h4 dl dt dd figure form hr center".split()
)


def reformatted(page: bytes) -> bytes:
    """The page with each element that makes a line of its own in a new line, indented by tabs."""
    pieces: list[bytes] = []
    for one in parts(page):
        indent = b"\n" + b"\t" * len(one.inside)
        if one.name.lstrip("/") in _BLOCKS and not _KEPT & set(one.inside):
            if pieces and not pieces[-1].strip():
                pieces.pop()
            pieces.append((indent if pieces else b"") + one.source)
        elif not one.name and not one.source.startswith(b"<") and not _KEPT & set(one.inside):
            pieces.append(re.sub(rb"\s+", indent, one.source))
        else:
            pieces.append(one.source)
    return b"".join(pieces)
