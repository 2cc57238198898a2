"""Pieces of pages about a site's settings."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DeletedSite:
    """A deleted site, which can be brought back until `until`; `by` is who deleted it."""

    name: str
    title: str
    by: str
    until: datetime
