"""Keeps one language’s HTML of rows that never change again, such as a version in a list: most pages repeat them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Protocol

from htmx_ui.parts import Turn, VersionView
from htmx_ui.site_list_parts import SiteCard
from htmx_ui.wording import Wording

_MOST_CHARACTERS = 8 << 20


class Macro(Protocol):
    """A macro of a template."""

    name: str

    def __call__(self, *values: object) -> str: ...


class KeptRows:
    """The rows that were shown last, as many as fit. A key names everything that its row depends on."""

    def __init__(self, wording: Wording, most_characters: int = _MOST_CHARACTERS) -> None:
        self._wording = wording
        self._room = most_characters
        self._rows: OrderedDict[Hashable, str] = OrderedDict()

    def row(self, key: Hashable | None, make: Callable[[], str]) -> str:
        """The row of this key, made if it is not kept; without a key it is always made."""
        if key is None:
            return make()
        kept = self._rows.get(key)
        if kept is None:
            kept = make()
            self._keep(key, kept)
        else:
            self._rows.move_to_end(key)
        return kept

    def version(
        self, macro: Callable[..., str], name: str, version: VersionView, current: int | None, now: datetime
    ) -> str:
        """A version in the list of versions; `macro` makes it."""
        seen = version_key(version)
        is_older = current is not None and version.number < current
        key = (
            ("version", name, *seen, current is None, is_older, self._wording.relative_time(version.at, now))
            if seen
            else None
        )
        return self.row(key, lambda: macro(name, version, current, now))

    def turn(self, macro: Macro, name: str, turn: Turn, now: datetime) -> str:
        """A request in the chat; `macro` makes it, and has a name that no other one for requests has."""
        key = turn_key(name, turn, self._wording.relative_time(turn.at, now))
        return self.row(key and (macro.name, *key), lambda: macro(name, turn, now))

    def site(self, macro: Macro, site: SiteCard, heading: str, now: datetime, *, arranging: bool, picked: bool) -> str:
        """A site in the list of sites; `macro` makes it."""
        key = (macro.name, site, heading, arranging, picked, self._wording.relative_time(site.changed_at, now))
        return self.row(key, lambda: macro(site, heading, arranging, picked, now))

    def _keep(self, key: Hashable, row: str) -> None:
        self._rows[key] = row
        self._room -= len(row)
        while self._room < 0:
            self._room += len(self._rows.popitem(last=False)[1])


def version_key(version: VersionView) -> tuple[Hashable, ...] | None:
    """What a view of a version depends on: its record, and where it is shown; None if nothing names the record."""
    if not version.record:
        return None
    flags = (version.in_preview, version.published, version.newest, version.shown, version.late)
    # Problems follow from the record and that of the version which they are compared with, if that is known.
    return version.number, version.record, flags, version.problems.against


def turn_key(name: str, turn: Turn, age: str) -> tuple[Hashable, ...] | None:
    """What a request that has ended depends on; None while it goes on, or if its version's record has no name."""
    seen = version_key(turn.version) if turn.version else ()
    if turn.active or seen is None:
        return None
    asked = (turn.job, turn.kind, turn.message, turn.author, age, turn.at)
    told = (turn.state, turn.steps, turn.answer, turn.error, turn.outcome, turn.can_retry, turn.attachments, turn.edits)
    return ("turn", name, asked, told, seen)
