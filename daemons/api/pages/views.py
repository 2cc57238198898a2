"""Records of the services as the pieces that pages show; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import quote

from daemons.api.jobs.rows import Job
from daemons.api.publishing.publication_history import is_withdrawn, taken_down, undoable
from daemons.api.publishing.publishing import NOT_YET, SlotSeen
from daemons.api.sites.differences import FileDifference
from daemons.api.sites.served_changes import ServedChanges
from daemons.api.sites.site_record import Site
from htmx_ui import links
from htmx_ui.difference_parts import DiffLine, FileCount, FileDiff, VisitorChanges
from htmx_ui.parts import Turn, VersionView
from htmx_ui.publication_parts import PublicationStatus, TakenDown
from shared.domain.attachments import without_names
from shared.domain.manifest import SMALL, Manifest, Screenshot
from shared.domain.problem_changes import since_parent
from shared.domain.vocabulary import Deployment, JobKind, Slot

_MOST_LINES = 400
_KINDS = {"+": "added", "-": "removed", "@": "hunk"}


def version_view(
    manifest: Manifest, site: Site, shown: int | None = None, *, late: bool = False, parent: Manifest | None = None
) -> VersionView:
    """A version as the lists show it; `shown` is the one in the preview, `late` if the public one is not served.

    `parent` is the version that it was made from, if that is known.
    """
    return VersionView(
        number=manifest.number,
        parent=manifest.parent,
        kind=manifest.kind,
        message=manifest.message,
        author=manifest.author,
        at=manifest.created_at,
        files=manifest.files,
        checks=manifest.checks,
        picture=thumbnail_of(manifest.site, manifest.number, manifest.pictures),
        in_preview=site.slots.get(Slot.PREVIEW) == manifest.number,
        published=site.slots.get(Slot.CURRENT) == manifest.number,
        newest=site.latest == manifest.number,
        shown=shown == manifest.number,
        late=late and site.slots.get(Slot.CURRENT) == manifest.number,
        record=manifest.signature.value if manifest.signature else "",
        is_seen=manifest.visible_changes is not None,
        problems=since_parent(manifest, parent),
    )


def picture_of(site: str, number: int, pictures: Iterable[Screenshot]) -> str | None:
    """The address of the version's best screenshot: the home page on a desktop if there is one."""
    return _best(site, number, [shot for shot in pictures if shot.viewport != SMALL], "desktop")


def thumbnail_of(site: str, number: int, pictures: Iterable[Screenshot]) -> str | None:
    """The same for a list, as small as there is one."""
    return _best(site, number, pictures, SMALL)


def _best(site: str, number: int, pictures: Iterable[Screenshot], viewport: str) -> str | None:
    order = {viewport: 0, "desktop": 1}
    ranked = sorted(pictures, key=lambda shot: (shot.page != "index.html", order.get(shot.viewport, 2)))
    return links.picture(site, number, ranked[0].page, ranked[0].viewport) if ranked else None


def publication_of(
    site: Site, seen: SlotSeen | None, published: Sequence[Deployment] = (), now: datetime | None = None
) -> PublicationStatus:
    """What of a site is public, whether it was seen to be, and what follows from what was `published` lately."""
    current = site.slots.get(Slot.CURRENT)
    return PublicationStatus(
        current=current,
        newest=site.latest,
        address=site.urls.current,
        late=late_reason(seen, current),
        undo=undoable(published, now or datetime.now(UTC)),
        withdrawn=is_withdrawn(published, site.latest),
        taken_down=TakenDown(taken, published[0].at) if (taken := taken_down(published)) else None,
    )


def late_reason(seen: SlotSeen | None, version: int | None) -> str:
    """That the web hosts don't show this version, or nothing, and why as the first of them tells; empty if they do."""
    if seen is None or seen.served or seen.version != version:
        return ""
    reason = seen.late[0].reason
    why = "." if reason == NOT_YET else f": {reason[:1].lower()}{reason[1:]}"
    if version is None:
        return f"The web server was not seen to take the site down{why}"
    return f"The web server does not show version {version} yet{why}"


@dataclass(frozen=True)
class TurnMoves:
    """Where a job that waits can go: before the one `earlier`, or `later` (empty: last); None if it can't."""

    earlier: str | None
    later: str | None


def places(waiting: Sequence[Job]) -> dict[str, TurnMoves]:
    """Where the jobs that wait, in their order, can go: those in words past one another."""
    order = [job.id for job in waiting] + ["", ""]
    swaps = [one.kind is other.kind is JobKind.EDIT for one, other in pairwise(waiting)] + [False]
    return {
        job.id: TurnMoves(
            earlier=order[index - 1] if index and swaps[index - 1] else None,
            later=order[index + 2] if swaps[index] else None,
        )
        for index, job in enumerate(waiting)
    }


def turn_view(
    job: Job,
    versions: Mapping[int, VersionView],
    *,
    stopping: bool = False,
    waiting_for: int = 0,
    waits: TurnMoves | None = None,
) -> Turn:
    """A job as the chat shows it; one that `waits` with where it can go."""
    return Turn(
        job=job.id,
        kind=job.kind,
        message=without_names(job.message, job.attachments),
        author=job.author,
        at=job.created_at,
        state=job.state,
        phase=job.phase,
        steps=_distinct([step.text for step in job.steps if step.text]),
        stopping=stopping and not job.state.final,
        waiting_for=waiting_for,
        answer=job.answer,
        error=job.error,
        outcome=job.outcome,
        version=versions.get(job.version) if job.version else None,
        can_retry=job.kind != "import",
        attachments=job.attachments,
        edits=job.edits,
        waits=waits is not None,
        earlier=waits.earlier if waits else None,
        later=waits.later if waits else None,
    )


def visitor_changes(changes: ServedChanges) -> VisitorChanges:
    """What visitors meet otherwise, as a page shows it."""
    return VisitorChanges(
        added=changes.added,
        modified=changes.modified,
        removed=changes.removed,
        unnamed=changes.unnamed,
        files=tuple(FileCount(files.kind.value, files.change.value, files.count) for files in changes.other),
    )


def file_diff(difference: FileDifference) -> FileDiff:
    """A file's difference as lines, without the two that name the file."""
    lines = (difference.diff or "").removesuffix("\n").split("\n")[2:] if difference.diff else []
    shown = tuple(DiffLine(_KINDS.get(line[:1], "context"), line) for line in lines[:_MOST_LINES])  # type: ignore[arg-type]
    signs = Counter(line[:1] for line in lines)
    return FileDiff(
        path=difference.path,
        change=difference.change.value,
        lines=shown,
        binary=difference.binary,
        added=signs["+"],
        removed=signs["-"],
        left_out=len(lines) - len(shown),
    )


def page_address(sites_url: str, site: str, version: int, page: str) -> str:
    """Where a version's page is served, if the web host has it."""
    path = page.removesuffix("index.html") if f"/{page}".endswith("/index.html") else page
    return f"{sites_url.format(host=f'v{version}--{site}')}/{quote(path)}"


def _distinct(steps: list[str]) -> tuple[str, ...]:
    """The steps without those that only repeat the one before."""
    return tuple(step for index, step in enumerate(steps) if index == 0 or steps[index - 1] != step)
