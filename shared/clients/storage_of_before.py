"""Asks a storage of the release before for what this release asks in one request: site by site, a few at a time."""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Protocol

from shared.domain.claimed_site import ClaimedSite
from shared.domain.desired_version import DesiredVersion, home_page
from shared.domain.errors import NotFound, PageWrightError, Unavailable
from shared.domain.file_list import decode_file_list
from shared.domain.manifest import Manifest
from shared.domain.problem_changes import require_publishable
from shared.domain.signing import manifest_digest
from shared.domain.site_overview import SiteOverview
from shared.domain.site_summary import SiteSummaries, SiteSummary
from shared.domain.vocabulary import Deployment, SiteHead, Slot

_AT_ONCE = 8


class OldStorage(Protocol):
    """The calls that storage of the release before answers."""

    async def head(self, site: str) -> SiteHead: ...

    async def version(self, site: str, number: int) -> Manifest: ...

    async def versions(
        self, site: str, before: int | None = None, limit: int = 100
    ) -> tuple[list[Manifest], int | None]: ...

    async def version_of_job(self, site: str, job: str) -> Manifest | None: ...

    async def get_blob(self, sha256: str, limit: int) -> bytes: ...

    async def deploy(
        self, site: str, slot: Slot, version: int, by: str, fence: int | None = None, expected: int | None = None
    ) -> Deployment: ...


async def claimed_in_pieces(storage: OldStorage, head: SiteHead, job: str | None) -> ClaimedSite:
    """See StorageClient.announce."""
    return ClaimedSite(head=head, made=await storage.version_of_job(head.site, job) if job else None)


async def summaries_one_by_one(storage: OldStorage, names: Sequence[str]) -> SiteSummaries:
    """See StorageClient.summaries."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def summary(name: str) -> SiteSummary | None:
        async with turns:
            return await _summary(storage, name)

    found = await asyncio.gather(*map(summary, names))
    unreadable = tuple(name for name, item in zip(names, found, strict=True) if item is None)
    return SiteSummaries(items=tuple(item for item in found if item), unreadable=unreadable)


async def overview_in_pieces(storage: OldStorage, site: str, limit: int, numbers: Collection[int]) -> SiteOverview:
    """See StorageClient.overview."""
    head = await storage.head(site)
    newest = (head.latest or 0) + 1
    versions, following = await storage.versions(site, newest, limit)
    named = {*numbers, *head.shown.values()}
    others: list[Manifest] = []
    for number in sorted(number for number in named if number < newest - len(versions)):
        with suppress(NotFound):  # a number from an address need not be that of a version
            others.append(await storage.version(site, number))
    return SiteOverview(head=head, versions=tuple(versions), next=following, others=tuple(others))


async def desire_in_pieces(
    storage: OldStorage,
    site: str,
    slot: Slot,
    version: int,
    by: str,
    accept_failed_checks: bool,
    expected: int | None,
) -> DesiredVersion:
    """See StorageClient.desire."""
    manifest, head = await storage.version(site, version), await storage.head(site)
    if not accept_failed_checks:
        public = head.shown.get(Slot.CURRENT)
        live = await storage.version(site, public) if public else None
        require_publishable(manifest, lambda: live)
    home = None
    if slot is Slot.CURRENT:
        home = home_page(decode_file_list(await storage.get_blob(manifest.public.sha256, manifest.public.size)))
    before = head.slots.get(slot)
    if before and before.version == version:
        expected = None
    deployment = await storage.deploy(site, slot, version, by, expected=expected)
    return DesiredVersion(deployment=deployment, before=before, manifest=manifest_digest(manifest), home=home)


async def _summary(storage: OldStorage, name: str) -> SiteSummary | None:
    """One site; None if storage can't read it."""
    try:
        head = await storage.head(name)
        newest = await storage.version(name, head.latest) if head.latest else None
    except Unavailable:
        raise
    except PageWrightError:
        return None
    if newest is None:
        return SiteSummary(head=head)
    return SiteSummary(head=head, made_at=newest.created_at, pictures=newest.pictures)
