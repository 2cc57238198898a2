"""How long the address that a site had leads to its new one: the choices, for pages, API and command line."""

from datetime import datetime, timedelta
from enum import StrEnum


class Forward(StrEnum):
    """How long an old address leads to the new one; `none` is for one that nobody shall meet again."""

    NONE = "none"
    MONTH = "30d"
    QUARTER = "90d"
    YEAR = "1y"
    EVER = "ever"

    def until(self, now: datetime) -> datetime | None:
        """When it ends; None: never."""
        return None if self is Forward.EVER else now + timedelta(days=_DAYS[self])


_DAYS = {Forward.NONE: 0, Forward.MONTH: 30, Forward.QUARTER: 90, Forward.YEAR: 365}
# Bookmarks, links on other sites and search engines need about as long to learn of a new address.
USUAL_FORWARD = Forward.YEAR
