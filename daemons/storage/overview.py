"""Answers what the page of a site shows, in one go; manifests are passed on as they are stored, never parsed."""

from collections.abc import Collection, Iterator
from contextlib import suppress

from daemons.storage.stored_site import StoredSite
from shared.domain.errors import PageWrightError


def overview_parts(
    site: StoredSite, limit: int, numbers: Collection[int], *, with_published: bool = False
) -> dict[str, bytes]:
    """The fields of a SiteOverview as JSON; blocks. A commit meanwhile changes nothing of what is told.

    An api of the release before can't read what was published, so it is told to who asks for it.
    """
    head = site.head()
    newest = (head.latest or 0) + 1
    items, following = site.versions.page(newest, limit)
    named = {*numbers, *head.shown.values()}
    others = sorted(number for number in named if number <= newest - 1 - len(items))
    published = [one.model_dump_json().encode() for one in site.deployments.published()] if with_published else []
    return {
        "head": head.model_dump_json().encode(),
        "versions": _list(items),
        "next": str(following or "null").encode(),
        "others": _list(_readable(site, others)),
    } | ({"published": _list(published)} if published else {})


def _readable(site: StoredSite, numbers: Collection[int]) -> Iterator[bytes]:
    """A damaged version is left out here: who asks for it alone is told."""
    for number in numbers:
        with suppress(PageWrightError):
            yield site.versions.read(number)


def _list(items: Collection[bytes] | Iterator[bytes]) -> bytes:
    return b"[" + b",".join(items) + b"]"
