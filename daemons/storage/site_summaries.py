"""Answers what a list shows of many sites in one go, from what storage remembers of each."""

import logging
from collections.abc import Sequence

from daemons.storage.directory import Directory
from daemons.storage.stored_site import StoredSite
from shared.domain.errors import PageWrightError
from shared.domain.site_summary import SiteSummaries, SiteSummary
from shared.domain.vocabulary import SiteHead
from shared.runtime.journal import log_context

_log = logging.getLogger(__name__)


async def summaries_of(directory: Directory, names: Sequence[str]) -> SiteSummaries:
    """The sites in this order; a damaged one appears by name only, and the journal names it too."""
    items, unreadable = [], []
    for name in names:
        try:
            known = directory.knows(name)
            items.append(_summary(await directory.site(name)) if known else SiteSummary(head=SiteHead(site=name)))
        except PageWrightError:
            unreadable.append(name)
            with log_context(site=name):
                _log.error("this site is damaged, so a list can't show it")
    return SiteSummaries(items=tuple(items), unreadable=tuple(unreadable))


def _summary(site: StoredSite) -> SiteSummary:
    newest = site.versions.newest
    return SiteSummary(head=site.head(), made_at=newest.made_at, pictures=newest.pictures)
