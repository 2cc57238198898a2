"""Pieces of pages about a site's settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.forwarding import USUAL_FORWARD


@dataclass(frozen=True)
class OldHost:
    """An address that a site had, without the scheme, and until when it leads to the present one; None: for ever."""

    host: str
    until: datetime | None


@dataclass(frozen=True)
class AddressView:
    """Where visitors find a site: a `label`, which stands in `pattern` for `{name}`; `free` are others to choose."""

    label: str
    pattern: str
    former: Sequence[OldHost] = ()
    free: Sequence[str] = ()
    usual = USUAL_FORWARD


@dataclass(frozen=True)
class DeletedSite:
    """A deleted site, which can be brought back until `until`; `by` is who deleted it."""

    name: str
    title: str
    by: str
    until: datetime
