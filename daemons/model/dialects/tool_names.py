"""Finds the offered tool that a model meant when it wrote the name with a prefix or a suffix."""

import re
from collections.abc import Collection

_BREAKS = re.compile(r"[^A-Za-z0-9_-]+")
_PREFIX = re.compile(r"^(?:functions?|tools?|default_api)_+")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+")
_MOST_CHARACTERS = 128


def offered_name(name: str, offered: Collection[str]) -> str:
    """The offered tool that `name` means: `functions.exec_command`, `default_api/exec_command`, `exec_command:0`.

    A name that means none of them, or several, stays: Codex tells the model so. It only loses the characters that
    Codex could not send back to us.
    """
    if name in offered:
        return name
    words = _BREAKS.split(name)
    meant = {word for part in words for word in (part, _PREFIX.sub("", part)) if word in offered}
    return meant.pop() if len(meant) == 1 else _NOT_IN_NAMES.sub("_", name)[:_MOST_CHARACTERS] or "unnamed"
