"""Names for sites, which are their addresses: made from a title, and others for one that is taken; pure."""

import re
from collections.abc import Sequence

from daemons.api.sites.plain_letters import spelled_out
from shared.domain.errors import Conflict

_LONGEST = 40
_NUMBERS = range(2, 30)
_NAMELESS = "site"
_APOSTROPHES = re.compile("['\u2019`\u00b4]")
_BETWEEN = re.compile(r"[^a-z0-9]+")


class NameTaken(Conflict):
    """A site has this name or address already; `free` are others that none has."""

    def __init__(self, name: str, free: Sequence[str] = ()) -> None:
        hint = f"Choose another name, such as {free[0]}." if free else "Choose another name."
        super().__init__(f"The name {name} is taken.", hint)
        self.free = tuple(free)


def name_from(title: str) -> str:
    """A name for every title: `Mira’s Bäckerei` is `miras-baeckerei`, `パン屋` is `panwu`."""
    return _joined(title) or _NAMELESS


def other_names(name: str, owner: str) -> list[str]:
    """Names to try where this one is taken, the best first: with the owner's name, then with numbers."""
    person = _joined(owner.partition("@")[0])
    endings = [*([person] if person and person not in name.split("-") else []), *map(str, _NUMBERS)]
    return [f"{_cut(name, _LONGEST - len(ending) - 1)}-{ending}" for ending in endings if len(ending) < _LONGEST // 2]


def _joined(text: str) -> str:
    """The words of a text, joined by hyphens."""
    return _cut(_BETWEEN.sub("-", _APOSTROPHES.sub("", spelled_out(text))).strip("-"), _LONGEST)


def _cut(name: str, length: int) -> str:
    """As much of a name as fits, and whole words if most of it is left then."""
    if len(name) <= length:
        return name
    words = name[: length + 1].rpartition("-")[0]
    return words if len(words) > length // 2 else name[:length].rstrip("-")
