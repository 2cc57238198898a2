"""What a list shows of a site: its head, and the time and the pictures of its newest version."""

from datetime import datetime

from shared.domain.manifest import Screenshot
from shared.domain.vocabulary import Record, SiteHead, SiteName

MOST_SUMMARIES = 100  # in one request


class SiteSummary(Record):
    """One site; `made_at` is when its newest version was made, None if it has no version."""

    head: SiteHead
    made_at: datetime | None = None
    pictures: tuple[Screenshot, ...] = ()


class SiteSummaries(Record):
    """The sites that were asked for; those that storage can't read are named in `unreadable`, and spoil no other."""

    items: tuple[SiteSummary, ...]
    unreadable: tuple[SiteName, ...] = ()
