"""Operations on what surrounds a site: its title, deleting it, bringing it back."""

from daemons.api.database.paging import Page
from daemons.api.json_routes.operation import ApiRequest, Operation
from daemons.api.json_routes.site_routes import Title
from daemons.api.sites.removal import RemovedSite
from daemons.api.sites.site_record import Site
from shared.domain.vocabulary import Record


class SiteUpdate(Record):
    """What changes of a site."""

    title: Title


async def update_site(request: ApiRequest, body: SiteUpdate) -> Site:
    """Another title."""
    await request.services.site_settings.set_title(await request.owned_site(), body.title)
    return await request.services.sites.show(await request.owned_site())


async def delete_site(request: ApiRequest) -> RemovedSite:
    """Hide it for 30 days."""
    return await request.services.removal.remove(await request.owned_site())


async def undelete_site(request: ApiRequest) -> Site:
    """Show it again."""
    await request.services.removal.bring_back(await request.owned_removed_site())
    return await request.services.sites.show(await request.owned_site())


async def list_deleted_sites(request: ApiRequest) -> Page[RemovedSite]:
    """Those that can be brought back."""
    return Page(items=await request.services.removal.list_removed(request.user))


OPERATIONS = (
    Operation("PATCH", "/sites/{site}", "Change the site's title.", update_site, body=SiteUpdate, answer=Site),
    Operation("DELETE", "/sites/{site}", "Delete the site; it can be brought back for 30 days.", delete_site,
              answer=RemovedSite),
    Operation("POST", "/sites/{site}/undelete", "Bring a deleted site back.", undelete_site, answer=Site),
    Operation("GET", "/deleted-sites", "Sites that can be brought back, the last deleted first; at most 100.",
              list_deleted_sites, answer=Page[RemovedSite]),
)  # fmt: skip
