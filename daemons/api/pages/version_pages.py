"""A site's versions: older ones, what each changed, publishing, rolling back, going on from an old one."""

from starlette.datastructures import FormData
from starlette.responses import Response

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.pages.change_views import first_part, told_seen
from daemons.api.pages.double_click import ask_once
from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from daemons.api.pages.publication_views import told_publication
from daemons.api.pages.site_pages import ask_and_show
from daemons.api.pages.site_view import open_tab
from daemons.api.pages.views import file_diff, publication_of, version_view, visitor_changes
from daemons.api.publishing.fix_message import fix_message
from daemons.api.sites.addresses import version_number
from daemons.api.sites.site_record import Site
from daemons.api.sites.workspace import VERSIONS_SHOWN
from htmx_ui import links
from htmx_ui.change_parts import ToldChanges
from htmx_ui.contexts import ChangedPartFragment, ChangesPage, SeenFragment, VersionsFragment
from htmx_ui.parts import Notice, VersionView
from htmx_ui.publication_contexts import PublishPage
from shared.domain.errors import Conflict, PageWrightError
from shared.domain.problem_changes import since_parent
from shared.domain.vocabulary import Slot


async def older_versions(request: PageRequest) -> Response:
    """The next piece of the list."""
    before = request.http.query_params.get("before")
    if not request.wants_fragment:
        return request.go(links.site(request.site, tab="versions"))
    owned = await request.owned_site()
    site = await request.services.sites.show(owned)
    number = version_number(before) if before else None
    page, known = await request.services.versions.list_versions(owned, number, VERSIONS_SHOWN)
    return request.show(
        VersionsFragment(
            name=site.name,
            versions=tuple(version_view(one, site, parent=known.get(one.parent or 0)) for one in page.items),
            more_versions_before=int(page.next) if page.next else None,
            current=site.slots.get(Slot.CURRENT),
        )
    )


async def changes(request: PageRequest) -> Response:
    """What a version changed against its parent."""
    owned = await request.owned_site()
    site, version = await _version(request, owned)
    difference = await request.services.versions.diff(owned, version.number, None)
    return request.show(
        ChangesPage(
            frame=request.frame,
            name=site.name,
            title=site.title,
            version=version,
            files=tuple(map(file_diff, difference.files)),
            total=difference.total,
            told=await _told(request, owned),
            dialog=request.wants_fragment,
        )
    )


async def seen(request: PageRequest) -> Response:
    """What looks different in a version, for its card."""
    if not request.wants_fragment:
        return request.go(links.changes(request.site, request.version))
    return request.show(SeenFragment(told=await _told(request, await request.owned_site())))


async def changed_part(request: PageRequest) -> Response:
    """What looks different in a version, for the list of versions; nothing if no picture shows it."""
    if not request.wants_fragment:
        return request.go(links.changes(request.site, request.version))
    versions, owned = request.services.versions, await request.owned_site()
    manifest = await versions.show(owned, request.version)
    seen = await versions.seen_changes(manifest)
    change = first_part(seen, manifest) if seen else None
    return request.show(ChangedPartFragment(change=change)) if change else Response(status_code=204)


async def ask_to_publish(request: PageRequest) -> Response:
    """What will change for visitors, and a button."""
    tab = open_tab(request.http.query_params)
    return request.show(await _question(request, await request.owned_site(), tab))


async def publish(request: PageRequest) -> Response:
    """Show it to visitors; answers once they see it. What goes wrong is said where the question was asked."""
    form, site = await request.form(), await request.owned_site()
    tab = open_tab(form)
    accepted = form.get("accept_failed") == "yes"
    try:
        if not accepted:
            await _check_home_page(request, site)
        desired = await request.services.publishing.deploy(
            site, Slot.CURRENT, request.version, accept_failed_checks=accepted, expected=_seen(form)
        )
    except PageWrightError as error:
        # htmx shows errors as notices, which a dialog would hide: so in a dialog this is an ordinary answer.
        status = 200 if request.wants_fragment else int(error.status)
        return request.show(await _question(request, site, tab, notice_of(error)), status)
    before = desired.before.version if desired.before else None
    notice = "rolled-back" if request.version < (before or 0) else "published"
    return request.go(links.site(request.site, tab=tab, notice=notice))


async def _check_home_page(request: PageRequest, site: OwnedSite) -> None:
    """Who did not tick the box has not been told: another page, or one of the release before, sent this."""
    plan = await request.services.publication_plans.plan(site, request.version)
    if plan.visitors_see and not plan.problems.blocking:
        raise Conflict(plan.visitors_see, "Ask for a change that mends it, or tick the box below.")


def _seen(form: FormData) -> int | None:
    """The version that the page showed as public, 0 for none."""
    text = str(form.get("expected", ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


async def undo_publication(request: PageRequest) -> Response:
    """Show visitors again what they saw before the publication that the page told of."""
    form, site = await request.form(), await request.owned_site()
    desired = await request.services.publishing.undo(site, _seen(form))
    was_public = desired.before and desired.before.version
    notice = "rolled-back" if was_public else "published"
    return request.go(links.site(request.site, tab=open_tab(form), notice=notice))


async def take_down(request: PageRequest) -> Response:
    """Show visitors nothing; answers once they see nothing."""
    form, site = await request.form(), await request.owned_site()
    await request.services.publishing.deploy(site, Slot.CURRENT, None, accept_failed_checks=False, expected=_seen(form))
    return request.go(links.site(request.site, notice="taken-down"))


async def fix(request: PageRequest) -> Response:
    """Ask the agent to mend what is new in this version, since its parent or since what is public."""
    form, site = await request.form(), await request.owned_site()
    plan = await request.services.publication_plans.plan(site, request.version)
    parent = await request.services.versions.parent(site, plan.chosen)
    problems = plan.problems if form.get("against") == "live" else since_parent(plan.chosen, parent)
    if not problems.mendable:
        raise Conflict(f"Version {request.version} has no new problem.", "Look at the site once more.")
    base = None if request.version == plan.site.latest else request.version
    message, jobs = fix_message(problems.mendable), request.services.jobs
    what = f"fix:{request.version}:{form.get('against') == 'live'}"
    return await ask_and_show(request, form, site, what, lambda job: jobs.start_edit(site, message, base, job))


async def undo(request: PageRequest) -> Response:
    """Make a new version without the change of this one."""
    form, site = await request.form(), await request.owned_site()
    version, jobs = request.version, request.services.jobs
    what = f"undo:{version}"
    return await ask_and_show(request, form, site, what, lambda job: jobs.start_undo(site, version, job))


async def restore(request: PageRequest) -> Response:
    """Make a new version with the content of this one."""
    site, version, jobs = await request.owned_site(), request.version, request.services.jobs
    await ask_once(request, site, f"restore:{version}", lambda job: jobs.start_restore(site, version, job))
    return request.go(links.site(request.site, notice="restoring"))


async def _version(request: PageRequest, owned: OwnedSite) -> tuple[Site, VersionView]:
    site = await request.services.sites.show(owned)
    return site, version_view(await request.services.versions.show(owned, request.version), site)


async def _told(request: PageRequest, owned: OwnedSite) -> ToldChanges | None:
    """What a version changed as a person sees it; None if nobody compared it with its parent."""
    versions = request.services.versions
    manifest = await versions.show(owned, request.version)
    changes = await versions.seen_changes(manifest)
    return told_seen(changes, manifest, await versions.parent(owned, manifest)) if changes else None


async def _question(
    request: PageRequest, owned: OwnedSite, tab: str | None, error: Notice | None = None
) -> PublishPage:
    plan = await request.services.publication_plans.plan(owned, request.version)
    seen = None
    if plan.desired and plan.live:
        seen = await request.services.publishing.seen(plan.desired, plan.live, plan.site.address)
    return PublishPage(
        frame=request.frame,
        name=plan.site.name,
        title=plan.site.title,
        version=version_view(plan.chosen, plan.site),
        publication=publication_of(plan.site, seen),
        changes=None if plan.changes is None else visitor_changes(plan.changes),
        told=told_publication(plan.steps, plan.problems.blocking) if plan.steps else None,
        problems=plan.problems,
        visitors_see=plan.visitors_see,
        tab=tab or "",
        error=error,
        dialog=request.wants_fragment,
    )


VERSION_ROUTES = (
    PageRoute("GET", links.versions("{site}"), older_versions),
    PageRoute("GET", links.changes("{site}", "{number}"), changes),
    PageRoute("GET", links.seen("{site}", "{number}"), seen),
    PageRoute("GET", links.changed_part("{site}", "{number}"), changed_part),
    PageRoute("GET", links.publish("{site}", "{number}"), ask_to_publish),
    PageRoute("POST", links.publish("{site}", "{number}"), publish),
    PageRoute("POST", links.undo_publication("{site}"), undo_publication),
    PageRoute("POST", links.take_down("{site}"), take_down),
    PageRoute("POST", links.fix("{site}", "{number}"), fix),
    PageRoute("POST", links.undo("{site}", "{number}"), undo),
    PageRoute("POST", links.restore("{site}", "{number}"), restore),
)
