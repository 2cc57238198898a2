"""A site's settings: its title, and deleting it; bringing a deleted one back."""

from collections.abc import Mapping

from starlette.responses import Response

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.json_routes.endpoint import checked
from daemons.api.json_routes.site_settings_routes import SiteUpdate
from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from htmx_ui import links
from htmx_ui.parts import Notice
from htmx_ui.settings_contexts import SettingsPage
from htmx_ui.settings_parts import DeletedSite
from shared.domain.errors import InvalidInput
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
        return await with_error(request, site, "title", error, title[:200])
    await request.services.site_settings.set_title(site, update.title)
    return request.go(links.settings(site.name, notice="title-set"))


async def delete_site(request: PageRequest) -> Response:
    """Delete the site, once its address was typed."""
    form, site = await request.form(), await request.owned_site()
    typed = str(form.get("name", "")).strip()
    if typed.lower() not in (site.name, _host(request, site.name)):
        error = InvalidInput("This is not the address of this site.", f"Type {site.name}.")
        return await with_error(request, site, "delete", error, typed[:200])
    removed = await request.services.removal.remove(site)
    return request.go(f"{links.SITES}?notice={'site-deleted' if removed.until else 'site-gone'}")


async def undelete_site(request: PageRequest) -> Response:
    """Bring a deleted site back."""
    await request.services.removal.bring_back(await request.owned_removed_site())
    return request.go(links.site(request.site, notice="site-back"))


async def deleted_sites(request: PageRequest) -> tuple[DeletedSite, ...]:
    """Those that the user may bring back, for the list."""
    removed = await request.services.removal.list_removed(request.user)
    return tuple(DeletedSite(one.name, one.title, one.removed_by, one.until) for one in removed if one.until)


async def with_error(
    request: PageRequest, site: OwnedSite, section: str, error: InvalidInput, typed: str = ""
) -> Response:
    """The page with what is wrong, where it was typed."""
    page = await settings_page(request, site, {section: notice_of(error)}, {section: typed})
    return request.show(page, int(error.status))


async def settings_page(
    request: PageRequest, owned: OwnedSite, errors: Mapping[str, Notice] | None = None,
    typed: Mapping[str, str] | None = None,
) -> SettingsPage:  # fmt: skip
    """The page as it is now."""
    site = await request.services.sites.show(owned)
    return SettingsPage(
        frame=request.frame,
        name=site.name,
        title=site.title,
        host=_host(request, site.name),
        newest=site.latest,
        published=site.slots.get(Slot.CURRENT),
        errors=errors or {},
        typed=typed or {},
    )


def _host(request: PageRequest, name: str) -> str:
    """A site's address as people read it."""
    return request.services.settings.api_sites_url.format(host=name).partition("://")[2]


SETTINGS_ROUTES = (
    PageRoute("GET", links.settings("{site}"), settings),
    PageRoute("POST", links.set_title("{site}"), set_title),
    PageRoute("POST", links.delete_site("{site}"), delete_site),
    PageRoute("POST", links.undelete_site("{site}"), undelete_site),
)
