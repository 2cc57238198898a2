"""Restores the line ends and the final newline of a text."""

import re
from itertools import zip_longest

_END = re.compile(rb"\r\n|\n|\r")


def split_lines(text: bytes) -> tuple[list[bytes], list[bytes]]:
    """The lines without their ends, and the ends: one fewer than lines, because the last line has none."""
    return _END.split(text), _END.findall(text)


def join_lines(lines: list[bytes], ends: list[bytes]) -> bytes:
    """The text of these lines and ends."""
    return b"".join(part for pair in zip_longest(lines, ends, fillvalue=b"") for part in pair)


def restore_line_ends(base: bytes, text: bytes) -> bytes:
    """The text with the line ends of its base.

    If the base has one kind of line end, every line gets it; otherwise each line of the base keeps its own. If the last
    line is still the last, it ends with a newline exactly if it did before.
    """
    base_lines, base_ends = split_lines(base)
    lines, ends = split_lines(text)
    if len(set(base_ends)) == 1:
        ends = [base_ends[0]] * len(ends)
    elif base_ends:
        ends = _own_ends(dict(_unambiguous(base_lines, base_ends)), lines, ends)
    return _restore_final_newline(base_lines, lines, ends)


def _unambiguous(lines: list[bytes], ends: list[bytes]) -> list[tuple[bytes, bytes]]:
    seen: dict[bytes, set[bytes]] = {}
    for line, end in zip(lines, ends, strict=False):
        seen.setdefault(line, set()).add(end)
    return [(line, found.pop()) for line, found in seen.items() if len(found) == 1]


def _own_ends(known: dict[bytes, bytes], lines: list[bytes], ends: list[bytes]) -> list[bytes]:
    return [known.get(line, end) for line, end in zip(lines, ends, strict=False)]


def _restore_final_newline(base_lines: list[bytes], lines: list[bytes], ends: list[bytes]) -> bytes:
    had, has = base_lines[-1] == b"" and len(base_lines) > 1, lines[-1] == b"" and len(lines) > 1
    last_before = base_lines[-2] if had else base_lines[-1]
    last = lines[-2] if has else lines[-1]
    if had != has and last == last_before:
        if has:
            lines, ends = lines[:-1], ends[:-1]
        else:
            lines, ends = [*lines, b""], [*ends, ends[-1] if ends else b"\n"]
    return join_lines(lines, ends)
