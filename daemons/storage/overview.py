"""Answers what the page of a site shows, in one go; manifests are passed on as they are stored, never parsed."""

from collections.abc import Collection, Iterator
from contextlib import suppress

from daemons.storage.stored_site import StoredSite
from shared.domain.errors import PageWrightError


def overview_parts(site: StoredSite, limit: int, numbers: Collection[int]) -> dict[str, bytes]:
    """The fields of a SiteOverview as JSON; blocks. A commit meanwhile changes nothing of what is told."""
    head = site.head()
    newest = (head.latest or 0) + 1
    items, following = site.versions.page(newest, limit)
    named = {*numbers, *(deployment.version for deployment in head.slots.values())}
    others = sorted(number for number in named if number <= newest - 1 - len(items))
    return {
        "head": head.model_dump_json().encode(),
        "versions": _list(items),
        "next": str(following or "null").encode(),
        "others": _list(_readable(site, others)),
    }


def _readable(site: StoredSite, numbers: Collection[int]) -> Iterator[bytes]:
    """A damaged version is left out here: who asks for it alone is told."""
    for number in numbers:
        with suppress(PageWrightError):
            yield site.versions.read(number)


def _list(items: Collection[bytes] | Iterator[bytes]) -> bytes:
    return b"[" + b",".join(items) + b"]"
