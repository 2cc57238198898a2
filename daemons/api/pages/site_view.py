"""Gathers what the page of one site shows: its requests, versions, preview and publication."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.jobs.live_job import LiveJob
from daemons.api.pages.page_choice import page_to_show
from daemons.api.pages.page_request import PageRequest
from daemons.api.pages.views import (
    late_reason,
    page_address,
    picture_of,
    places,
    publication_of,
    turn_view,
    version_view,
)
from daemons.api.publishing.publishing import SlotSeen
from daemons.api.sites.addresses import version_number
from daemons.api.sites.workspace import LAST_JOBS, Span, Workspace
from htmx_ui.contexts import SitePage
from htmx_ui.parts import Preview, Turn, VersionView
from htmx_ui.wording import EXAMPLES
from shared.domain.errors import TooMany
from shared.domain.problem_changes import since_parent
from shared.domain.vocabulary import MESSAGE_LIMIT, Slot, new_id

# A version that was just made is on the web host in a moment.
_FRESH = timedelta(minutes=1)
_WAIT_SECONDS = 3.0
# An old one is made in a moment if the site is small; else the page asks again.
_MAKING_SECONDS = 1.5
_JOB = re.compile(r"[0-9a-f]{28}")
_TABS = ("chat", "preview", "versions")


@dataclass(frozen=True)
class SiteQuery:
    """What the person wants to see: a version (None: the newest), a page of it, a tab.

    `have` is the version that they see now, live if it is `framed`, and `latest` the newest that they know of. Once
    there is a newer one than `until`, they want to see that. `span` says which requests, `edit` which one they edit.
    """

    version: int | None
    page: str
    tab: str
    have: int | None = None
    framed: bool = False
    latest: int | None = None
    until: int | None = None
    span: Span = LAST_JOBS
    edit: str = ""

    def wanted(self, latest: int | None) -> int | None:
        """The version to show of a site with this newest one."""
        return latest if self.version is None or (self.until and latest and latest > self.until) else self.version


def site_query(given: Mapping[str, object]) -> SiteQuery:
    """What a query or form asks to see: a `version`, or the one that the page has `shown` so far."""
    pinned = str(given.get("version") or given.get("shown") or "")
    tab = str(given.get("tab") or ("preview" if given.get("version") else "chat"))
    return SiteQuery(
        version=version_number(pinned) if pinned else None,
        page=str(given.get("page") or "index.html"),
        tab=tab if tab in _TABS else "chat",
        have=_number(given.get("have")),
        framed=bool(given.get("framed")),
        latest=_number(given.get("latest")),
        until=_number(given.get("until")),
        span=Span(since=_job(given.get("since")), before=_job(given.get("before"))),
        edit=_job(given.get("edit")),
    )


def open_tab(given: Mapping[str, object]) -> str | None:
    """The tab that a query or form names, if there is such a one."""
    tab = str(given.get("tab") or "")
    return tab if tab in _TABS else None


def _job(given: object) -> str:
    """The id of a job; empty if it is none."""
    return str(given) if _JOB.fullmatch(str(given)) else ""


def _number(given: object) -> int | None:
    return version_number(str(given)) if given else None


async def gather_site(request: PageRequest, query: SiteQuery) -> SitePage:
    """The whole page; raises NotFound for a site or version that is not there."""
    owned = await request.owned_site()
    seen = request.services.feed.position  # before anything is read
    versions = filter(None, (query.version, query.have))
    workspace = await request.services.workspaces.read(owned, *versions, span=query.span)
    site, shown = workspace.site, query.wanted(workspace.site.latest)
    publication = publication_of(site, await _seen(request, workspace, Slot.CURRENT), workspace.published)
    late = bool(publication.late)
    known = workspace.known
    views = {
        number: version_view(manifest, site, shown, late=late, parent=known.get(manifest.parent or 0))
        for number, manifest in known.items()
    }
    practice = await request.note.practice()
    return SitePage(
        frame=request.frame,
        name=site.name,
        title=site.title,
        tab=query.tab,
        turns=_turns(workspace.jobs, views, query.edit),
        earlier_turns=workspace.earlier_jobs,
        before=query.span.before,
        versions=tuple(views[manifest.number] for manifest in workspace.versions),
        more_versions_before=workspace.more_versions_before,
        preview=await _preview(request, owned, workspace, shown, query) if shown else None,
        publication=publication,
        practice=practice,
        examples=practice.understands if practice else EXAMPLES,
        message_limit=MESSAGE_LIMIT,
        message_key=new_id(),
        archive_limit=request.services.settings.api_upload_bytes,
        seen=seen,
    )


def _turns(jobs: Sequence[LiveJob], views: dict[int, VersionView], edit: str) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    before = 0
    waiting = places([shown.job for shown in jobs if shown.waits])
    for shown in jobs:
        place = waiting.get(shown.job.id)
        turn = turn_view(shown.job, views, stopping=shown.stopping, waiting_for=before, waits=place)
        turns.append(replace(turn, editing=turn.job == edit))
        before += not shown.job.state.final
    return tuple(turns)


async def _seen(request: PageRequest, workspace: Workspace, slot: Slot) -> SlotSeen | None:
    """What the web hosts show in a slot; None if it was never to show anything, or its version can't be read."""
    desired = workspace.desired.get(slot)
    if desired is None:
        return None
    manifest = workspace.known.get(desired.version) if desired.version else None
    is_known = manifest or desired.version is None
    address = workspace.site.address
    return await request.services.publishing.seen(desired, manifest, address) if is_known else None


async def _preview(
    request: PageRequest, owned: OwnedSite, workspace: Workspace, number: int, query: SiteQuery
) -> Preview:
    site, versions = workspace.site, request.services.versions
    manifest = workspace.known.get(number) or await versions.show(owned, number)
    pages = await versions.pages(manifest)
    left = workspace.known.get(query.have) if query.have and number not in (query.version, query.have) else None
    page = page_to_show(query.page, pages, await versions.pages(left) if left else None)
    is_fresh = number == site.latest and datetime.now(UTC) - manifest.created_at < _FRESH
    is_kept = number == site.latest or number in site.slots.values()
    served = await request.services.publishing.serves(manifest, _WAIT_SECONDS if is_fresh else 0)
    reason = "" if is_kept else await _wish(request, owned, number, is_missing=not served)
    if not is_kept and not served and not reason:
        served = await request.services.publishing.serves(manifest, _MAKING_SECONDS)
    is_desired = not served and site.slots.get(Slot.PREVIEW) == number
    return Preview(
        version=number,
        newest=site.latest or number,
        until=query.until if number == query.version else None,
        page=page,
        pages=tuple(pages),
        titles=await versions.titles(manifest),
        url=page_address(request.services.settings.api_sites_url, site.name, number, page) if served else None,
        picture=picture_of(site.name, number, manifest.pictures),
        failed=bool(since_parent(manifest, None).new),
        reason=late_reason(await _seen(request, workspace, Slot.PREVIEW), number) if is_desired else reason,
        is_wished=not is_kept and not reason,
    )


async def _wish(request: PageRequest, owned: OwnedSite, number: int, *, is_missing: bool) -> str:
    """Let the web hosts have an old version while somebody looks at it; why not, if they won't."""
    try:
        await request.services.wished_versions.look(owned, number, is_missing=is_missing)
    except TooMany as error:
        return f"{error.detail} {error.hint}"
    return ""
