"""The pieces of the list of sites and of the form for a new one: frozen values, ready to be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from htmx_ui.parts import Notice


@dataclass(frozen=True)
class SiteCard:
    """One site in the list; `published` and `newest` are version numbers, not known if there is a `trouble`.

    `waiting` says what its owner is to look at: question, failed, problems or unpublished; empty for nothing.
    """

    name: str
    title: str
    picture: str | None
    newest: int | None
    published: int | None
    address: str
    changed_at: datetime
    working: bool = False
    trouble: str = ""
    waiting: str = ""
    group: str = ""


@dataclass(frozen=True)
class SiteSection:
    """The sites of a group, under its name; without a name those that are in none."""

    group: str
    sites: tuple[SiteCard, ...]


@dataclass(frozen=True)
class SiteFilter:
    """Which sites are asked for; `show` is how many at once, 0 for as many as usual."""

    search: str = ""
    group: str = ""
    waiting: bool = False
    show: int = 0

    @property
    def is_on(self) -> bool:
        """Whether some sites may be left out."""
        return bool(self.search or self.group or self.waiting)


EVERY_SITE = SiteFilter()


@dataclass(frozen=True)
class TemplateChoice:
    """A site template that a new site can start from."""

    name: str
    title: str
    description: str


@dataclass(frozen=True)
class FieldFault:
    """What is wrong with a field of a form, or with none of them; `free` are addresses to take."""

    field: str
    notice: Notice
    free: tuple[str, ...] = ()


def sections(cards: Sequence[SiteCard]) -> tuple[SiteSection, ...]:
    """Cards by group; groups come in the order of their first cards, and what is in no group comes last."""
    names = sorted(dict.fromkeys(card.group for card in cards), key=lambda name: not name)
    return tuple(SiteSection(name, tuple(card for card in cards if card.group == name)) for name in names)
