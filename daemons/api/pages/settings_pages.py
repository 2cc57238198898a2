"""A site's settings: the page, its title, its export, and deleting it; bringing a deleted one back."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from pydantic import ValidationError
from starlette.responses import Response

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.json_routes.endpoint import checked
from daemons.api.json_routes.export_response import ExportResponse
from daemons.api.json_routes.site_settings_routes import SiteUpdate
from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from daemons.api.sites.addresses import version_number
from daemons.api.sites.removal import RemovedSite
from htmx_ui import links
from htmx_ui.parts import Notice
from htmx_ui.settings_contexts import SettingsPage
from htmx_ui.settings_parts import AddressView, DeletedSite, OldHost
from shared.domain.check_rules import LEAST_KILOBYTES, MOST_KILOBYTES, USUAL, USUAL_RULES, CheckRules
from shared.domain.errors import InvalidInput, PageWrightError
from shared.domain.vocabulary import Slot


async def settings(request: PageRequest) -> Response:
    """The page."""
    return request.show(await settings_page(request, await request.owned_site()))


async def set_title(request: PageRequest) -> Response:
    """Another title; what is wrong with it is said at the field."""
    form, site = await request.form(), await request.owned_site()
    title = str(form.get("title", ""))
    try:
        update = checked(SiteUpdate, {"title": title})
    except InvalidInput:
        error = InvalidInput("This title can’t be used.", "Give it 1 to 120 characters in one line.")
        return await with_error(request, site, "title", error, {"title": title[:200]})
    await request.services.site_settings.change(site, update.title, site.row.group)
    return request.go(links.settings(site.name, notice="title-set"))


async def set_checks(request: PageRequest) -> Response:
    """Which checks hold a change back; what is wrong with the weight of pages is said at its field."""
    form, site = await request.form(), await request.owned_site()
    weight = str(form.get("page-kilobytes", ""))
    said = {"severities": {name: str(form[name]) for name in USUAL if name in form}, "page_kilobytes": weight}
    try:
        rules = CheckRules.model_validate(said)
    except ValidationError:
        error = InvalidInput("This can’t be saved.", f"Give a number from {LEAST_KILOBYTES} to {MOST_KILOBYTES}.")
        return await with_error(request, site, "checks", error, {"page-kilobytes": weight[:20]})
    await request.services.site_settings.set_checks(site, rules)
    return request.go(links.settings(site.name, notice="checks-set"))


async def export(request: PageRequest) -> Response:
    """A zip of a version, or of all; what is in the way is said on the page."""
    site, asked = await request.owned_site(), request.http.query_params
    exports, number = request.services.exports, asked.get("version", "")
    try:
        if asked.get("history"):
            made = await exports.history(site, request.language)
        else:
            made = await exports.version(site, version_number(number))
    except PageWrightError as error:
        return await with_error(request, site, "export", error, {"export": number if number.isdecimal() else ""})
    return ExportResponse(made)


async def delete_site(request: PageRequest) -> Response:
    """Delete the site, once its address was typed."""
    form, site = await request.form(), await request.owned_site()
    typed = str(form.get("name", "")).strip()
    if typed.lower() not in (site.name, site.row.label, _host(request, site.row.label)):
        error = InvalidInput("This is not the address of this site.", f"Type {site.row.label}.")
        return await with_error(request, site, "delete", error, {"delete": typed[:200]})
    removed = await request.services.removal.remove(site)
    return request.go(f"{links.SITES}?notice={_notice(removed)}")


async def undelete_site(request: PageRequest) -> Response:
    """Bring a deleted site back."""
    await request.services.removal.bring_back(await request.owned_removed_site())
    return request.go(links.site(request.site, notice="site-back"))


async def deleted_sites(request: PageRequest) -> tuple[DeletedSite, ...]:
    """Those that the user may bring back, for the list."""
    removed = await request.services.removal.list_removed(request.user)
    return tuple(DeletedSite(one.name, one.title, one.removed_by, one.until) for one in removed if one.until)


async def with_error(
    request: PageRequest,
    site: OwnedSite,
    section: str,
    error: PageWrightError,
    typed: Mapping[str, str] | None = None,
    free: Sequence[str] = (),
) -> Response:
    """The page with what is wrong, where it was typed; `free` are addresses to choose."""
    page = await settings_page(request, site, {section: notice_of(error)}, typed, free)
    return request.show(page, int(error.status), error.headers)


async def settings_page(
    request: PageRequest, owned: OwnedSite, errors: Mapping[str, Notice] | None = None,
    typed: Mapping[str, str] | None = None, free: Sequence[str] = (),
) -> SettingsPage:  # fmt: skip
    """The page as it is now."""
    site = await request.services.sites.show(owned)
    return SettingsPage(
        frame=request.frame,
        name=site.name,
        title=site.title,
        host=_host(request, site.address),
        address=await _address(request, owned, free),
        checks=site.checks or USUAL_RULES,
        newest=site.latest,
        published=site.slots.get(Slot.CURRENT),
        export_bytes=await _export_bytes(request, owned, site.latest),
        errors=errors or {},
        typed=typed or {},
    )


async def _address(request: PageRequest, owned: OwnedSite, free: Sequence[str]) -> AddressView:
    found = await request.services.moving.look(owned)
    former = tuple(OldHost(_host(request, one.address), one.until) for one in found.former)
    return AddressView(found.address, _host(request, "{name}"), former, free)


async def _export_bytes(request: PageRequest, owned: OwnedSite, newest: int | None) -> int | None:
    """About the size of the newest version's export; None if there is none, or nobody knows."""
    with suppress(PageWrightError):
        return await request.services.exports.size(owned, newest) if newest else None
    return None


def _notice(removed: RemovedSite) -> str:
    """What is told of a deletion."""
    if removed.late:
        return "site-deleted-late"
    return "site-deleted" if removed.until else "site-gone"


def _host(request: PageRequest, name: str) -> str:
    """A site's address as people read it."""
    return request.services.settings.api_sites_url.format(host=name).partition("://")[2]


SETTINGS_ROUTES = (
    PageRoute("GET", links.settings("{site}"), settings),
    PageRoute("POST", links.set_title("{site}"), set_title),
    PageRoute("POST", links.set_checks("{site}"), set_checks),
    PageRoute("GET", links.export("{site}"), export),
    PageRoute("POST", links.delete_site("{site}"), delete_site),
    PageRoute("POST", links.undelete_site("{site}"), undelete_site),
)
