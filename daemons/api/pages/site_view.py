"""Gathers what the page of one site shows: its requests, versions, preview and publication."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from daemons.api.jobs.rows import Job
from daemons.api.pages.views import late_reason, page_address, picture_of, publication_of, turn_view, version_view
from daemons.api.pages.visit import Visit
from daemons.api.sites.addresses import version_number
from daemons.api.sites.sites import Site
from htmx_ui.contexts import SitePage
from htmx_ui.parts import Preview, Turn, VersionView
from htmx_ui.wording import EXAMPLES
from shared.domain.errors import NotFound, Unavailable
from shared.domain.file_list import decode_file_list
from shared.domain.manifest import Manifest
from shared.domain.vocabulary import MESSAGE_LIMIT, Slot

JOBS_SHOWN = 40
VERSIONS_SHOWN = 25
# A version that was just made is on the web host in a moment; an older one that is not there will not come.
_FRESH = timedelta(minutes=1)
_WAIT_SECONDS = 3.0
_TABS = ("chat", "preview", "versions")


@dataclass(frozen=True)
class Wanted:
    """What the person wants to see: a version (None: the newest), a page of it, a tab; `have` is what they see now."""

    version: int | None
    page: str
    tab: str
    have: str


def wanted_by(given: Mapping[str, object]) -> Wanted:
    """What a query or form asks to see: a `version`, or the one that the page has `shown` so far."""
    pinned = str(given.get("version") or given.get("shown") or "")
    tab = str(given.get("tab") or ("preview" if given.get("version") else "chat"))
    return Wanted(
        version=version_number(pinned) if pinned else None,
        page=str(given.get("page") or "index.html"),
        tab=tab if tab in _TABS else "chat",
        have=str(given.get("have") or ""),
    )


async def gather_site(visit: Visit, wanted: Wanted) -> SitePage:
    """The whole page; raises NotFound for a site or version that is not there."""
    site = await visit.services.sites.show(visit.asker, visit.site)
    shown = wanted.version or site.latest
    jobs, manifests, public = await asyncio.gather(
        visit.services.jobs.list_jobs(visit.asker, site.name, None, JOBS_SHOWN),
        visit.services.versions.list_versions(visit.asker, site.name, None, VERSIONS_SHOWN),
        visit.slot(Slot.CURRENT),
    )
    known = {manifest.number: manifest for manifest in manifests.items}
    known |= await _missing(visit, site.name, {job.version for job in jobs.items if job.version} - known.keys())
    publication = publication_of(site, public)
    late = bool(publication.late)
    views = {number: version_view(manifest, site, shown, late=late) for number, manifest in known.items()}
    practice = await visit.note.practice()
    return SitePage(
        frame=visit.frame,
        name=site.name,
        title=site.title,
        tab=wanted.tab,
        turns=await _turns(visit, jobs.items[::-1], views),
        earlier_turns=await visit.services.jobs.count(visit.asker, site.name) - len(jobs.items) if jobs.next else 0,
        versions=tuple(views[manifest.number] for manifest in manifests.items),
        more_versions_before=int(manifests.next) if manifests.next else None,
        preview=await _preview(visit, site, shown, wanted.page) if shown else None,
        publication=publication,
        practice=practice,
        examples=practice.understands if practice else EXAMPLES,
        message_limit=MESSAGE_LIMIT,
    )


async def live_turn(visit: Visit, job: Job, views: dict[int, VersionView], before: int = 0) -> Turn:
    """A job with what only the queue knows."""
    stopping = False
    if not job.state.final:
        with suppress(Unavailable):
            status = await visit.services.queue.state(job.id)
            stopping = bool(status and status.cancel_asked)
    return turn_view(job, views, stopping=stopping, waiting_for=before)


async def _turns(visit: Visit, jobs: list[Job], views: dict[int, VersionView]) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    before = 0
    for job in jobs:
        live = job if job.state.final else await visit.services.jobs.show(visit.asker, job.id)
        turns.append(await live_turn(visit, live, views, before))
        before += not live.state.final
    return tuple(turns)


async def _missing(visit: Visit, site: str, numbers: set[int]) -> dict[int, Manifest]:
    """Versions that older requests made."""
    found = await asyncio.gather(*(visit.services.versions.show(visit.asker, site, number) for number in numbers))
    return {manifest.number: manifest for manifest in found}


async def _preview(visit: Visit, site: Site, number: int, page: str) -> Preview:
    manifest = await visit.services.versions.show(visit.asker, site.name, number)
    pages = await _pages(visit, manifest)
    if page not in pages:
        page = "index.html" if "index.html" in pages or not pages else pages[0]
    is_fresh = number == site.latest and datetime.now(UTC) - manifest.created_at < _FRESH
    served = await visit.services.publishing.serves(manifest, _WAIT_SECONDS if is_fresh else 0)
    wished = not served and site.slots.get(Slot.PREVIEW) == number
    return Preview(
        version=number,
        newest=site.latest or number,
        page=page,
        pages=pages,
        url=page_address(visit.services.settings.api_sites_url, site.name, number, page) if served else None,
        picture=picture_of(manifest),
        failed=not manifest.passed,
        reason=late_reason(await visit.slot(Slot.PREVIEW), number) if wished else "",
    )


async def _pages(visit: Visit, manifest: Manifest) -> tuple[str, ...]:
    """The version's pages, the home page first."""
    with suppress(NotFound):
        data = await visit.services.storage.get_blob(manifest.public.sha256, manifest.public.size)
        paths = [file.path for file in decode_file_list(data).files if file.path.endswith((".html", ".htm"))]
        return tuple(sorted(paths, key=lambda path: (path != "index.html", path.count("/"), path)))
    return ()
