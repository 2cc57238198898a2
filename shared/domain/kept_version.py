"""Tells who said that all that a version changed shall stay: the person who put it into preview; pure."""

from shared.domain.vocabulary import SiteHead, Slot

# Who shows a version that passed its checks.
BY_WORKER = "pagewright"


def kept_by(head: SiteHead, version: int) -> str:
    """The person who keeps all of a version; empty if nobody does, or if preview shows another one by now."""
    preview = head.slots.get(Slot.PREVIEW)
    return preview.by if preview and preview.version == version and preview.by != BY_WORKER else ""
