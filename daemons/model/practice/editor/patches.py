"""A change as a patch for the apply_patch tool, if it is small and certain to apply exactly."""

import difflib

_MOST_LINES = 80
_MOST_BYTES = 12_000  # the agent sees no more than about 32,000 bytes of a command's output


def make_patch(before: dict[str, str], after: dict[str, str]) -> str | None:
    """The patch from `before` to `after`; None if the editor should write the files directly."""
    hunks = []
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        hunk = _file_patch(path, old, new)
        if hunk is None:
            return None
        hunks += hunk
    small = len(hunks) <= _MOST_LINES and len("\n".join(hunks).encode()) <= _MOST_BYTES
    return "\n".join(["*** Begin Patch", *hunks, "*** End Patch", ""]) if small else None


def _file_patch(path: str, old: str | None, new: str | None) -> list[str] | None:
    if path != path.strip() or not path.isprintable():
        return None
    if new is None:
        return [f"*** Delete File: {path}"]
    if not _is_plain(new) or (old is not None and not _is_plain(old)):
        return None
    if old is None:
        return [f"*** Add File: {path}", *("+" + line for line in new.split("\n")[:-1])]
    return _update(path, old.split("\n")[:-1], new.split("\n")[:-1])


def _is_plain(text: str) -> bool:
    """Whether lines survive the tool unchanged: newline at the end, no carriage returns, valid Unicode."""
    return text.endswith("\n") and "\r" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _update(path: str, old: list[str], new: list[str]) -> list[str] | None:
    """Hunks with enough context for the tool, which takes the first match, to find the right place."""
    lines, cursor = [f"*** Update File: {path}"], 0
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        top = a - (a == b and a > cursor)
        while _first(old, old[top:b], cursor) != top:
            if top <= cursor:
                return None
            top -= 1
        if top == b:
            return None
        lines += ["@@", *(" " + line for line in old[top:a])]
        lines += ["-" + line for line in old[a:b]] + ["+" + line for line in new[c:d]]
        cursor = b
    return lines


def _first(lines: list[str], wanted: list[str], start: int) -> int:
    """Where `wanted` first occurs from `start` on, -1 if nowhere."""
    size = len(wanted)
    return next((n for n in range(start, len(lines) - size + 1) if lines[n : n + size] == wanted), -1)
