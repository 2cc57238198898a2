"""A site's versions: older ones, what each changed, publishing, rolling back, going on from an old one."""

from starlette.datastructures import FormData
from starlette.responses import Response

from daemons.api.pages.site_view import VERSIONS_SHOWN
from daemons.api.pages.views import file_diff, publication_of, version_view
from daemons.api.pages.visit import PageRoute, Visit, notice_of
from daemons.api.sites.addresses import version_number
from daemons.api.sites.sites import Site
from htmx_ui import links
from htmx_ui.contexts import ChangesPage, PublishPage, VersionsFragment
from htmx_ui.parts import Notice, VersionView
from shared.domain.errors import Conflict, PageWrightError
from shared.domain.vocabulary import Slot, new_id

_NAMED = 6


async def older_versions(visit: Visit) -> Response:
    """The next piece of the list."""
    before = visit.request.query_params.get("before")
    if not visit.wants_fragment:
        return visit.go(links.site(visit.site, tab="versions"))
    site = await visit.services.sites.show(visit.asker, visit.site)
    number = version_number(before) if before else None
    page = await visit.services.versions.list_versions(visit.asker, visit.site, number, VERSIONS_SHOWN)
    return visit.show(
        VersionsFragment(
            name=site.name,
            versions=tuple(version_view(manifest, site) for manifest in page.items),
            more_versions_before=int(page.next) if page.next else None,
            current=site.slots.get(Slot.CURRENT),
        )
    )


async def changes(visit: Visit) -> Response:
    """What a version changed against its parent."""
    site, version = await _version(visit)
    difference = await visit.services.versions.diff(visit.asker, visit.site, version.number, None)
    return visit.show(
        ChangesPage(
            frame=visit.frame,
            name=site.name,
            title=site.title,
            version=version,
            files=tuple(map(file_diff, difference.files)),
            total=difference.total,
            dialog=visit.wants_fragment,
        )
    )


async def ask_to_publish(visit: Visit) -> Response:
    """What will change for visitors, and a button."""
    return visit.show(await _question(visit))


async def publish(visit: Visit) -> Response:
    """Show it to visitors; answers once they see it. What goes wrong is said where the question was asked."""
    form = await visit.form()
    accepted = form.get("accept_failed") == "yes"
    try:
        if not accepted:
            await _check_home_page(visit)
        before = (await visit.services.sites.show(visit.asker, visit.site)).slots.get(Slot.CURRENT) or 0
        await visit.services.publishing.deploy(
            visit.asker,
            visit.site,
            Slot.CURRENT,
            visit.version,
            accept_failed_checks=accepted,
            expected=_seen(form),
        )
    except PageWrightError as error:
        # htmx shows errors as notices, which a dialog would hide: so in a dialog this is an ordinary answer.
        status = 200 if visit.wants_fragment else int(error.status)
        return visit.show(await _question(visit, notice_of(error)), status)
    notice = "rolled-back" if visit.version < before else "published"
    return visit.go(links.site(visit.site, notice=notice))


async def _check_home_page(visit: Visit) -> None:
    """Who did not tick the box has not been told: another page, or one of the release before, sent this."""
    _, version = await _version(visit)
    if version.visitors_see and not version.failed_checks:
        raise Conflict(version.visitors_see, "Ask for a change that mends it, or tick the box below.")


def _seen(form: FormData) -> int | None:
    """The version that the question showed as public, 0 for none."""
    text = str(form.get("expected", ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


async def restore(visit: Visit) -> Response:
    """Make a new version with the content of this one."""
    await visit.services.jobs.start_restore(visit.asker, visit.site, visit.version, new_id())
    return visit.go(links.site(visit.site, notice="restoring"))


async def _version(visit: Visit) -> tuple[Site, VersionView]:
    site = await visit.services.sites.show(visit.asker, visit.site)
    manifest = await visit.services.versions.show(visit.asker, visit.site, visit.version)
    return site, version_view(manifest, site)


async def _question(visit: Visit, error: Notice | None = None) -> PublishPage:
    site, version = await _version(visit)
    current = site.slots.get(Slot.CURRENT) or 0
    low, high = sorted((current, version.number))
    newer = await visit.services.versions.list_versions(
        visit.asker, visit.site, high + 1, min(max(high - low, 1), _NAMED)
    )
    between = tuple(version_view(manifest, site) for manifest in newer.items if manifest.number > low)
    return PublishPage(
        frame=visit.frame,
        name=site.name,
        title=site.title,
        version=version,
        publication=publication_of(site, await visit.slot(Slot.CURRENT)),
        gained=between if current and version.number > current else (),
        lost=between if version.number < current else (),
        error=error,
        dialog=visit.wants_fragment,
    )


VERSION_ROUTES = (
    PageRoute("GET", links.versions("{site}"), older_versions),
    PageRoute("GET", links.changes("{site}", "{number}"), changes),
    PageRoute("GET", links.publish("{site}", "{number}"), ask_to_publish),
    PageRoute("POST", links.publish("{site}", "{number}"), publish),
    PageRoute("POST", links.restore("{site}", "{number}"), restore),
)
