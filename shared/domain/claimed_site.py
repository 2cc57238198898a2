"""What storage answers to a worker that announces a claim: all that a job needs to know before it begins."""

from shared.domain.manifest import Manifest
from shared.domain.vocabulary import Record, SiteHead


class ClaimedSite(Record):
    """The site's head, with what its slots are to show, and the version that this job has made already, if any."""

    head: SiteHead
    made: Manifest | None = None
