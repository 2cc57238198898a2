"""Operations on what surrounds a site: its title, its export, deleting it, bringing it back."""

from typing import Annotated

from pydantic import Field

from daemons.api.database.paging import Page, Query
from daemons.api.json_routes.export_response import ExportResponse
from daemons.api.json_routes.operation import ApiRequest, Operation
from daemons.api.json_routes.site_routes import Title
from daemons.api.sites.removal import RemovedSite
from daemons.api.sites.site_record import Site
from shared.domain.errors import InvalidInput
from shared.domain.vocabulary import Record


class SiteUpdate(Record):
    """What changes of a site."""

    title: Title


class ExportQuery(Query):
    """The version to export, by default the newest; or all of them with their records."""

    version: Annotated[int, Field(ge=1, lt=2**53)] | None = None
    history: bool = False


async def update_site(request: ApiRequest, body: SiteUpdate) -> Site:
    """Another title."""
    await request.services.site_settings.set_title(await request.owned_site(), body.title)
    return await request.services.sites.show(await request.owned_site())


async def export_site(request: ApiRequest, query: ExportQuery) -> ExportResponse:
    """A zip of a version or of all."""
    site, exports = await request.owned_site(), request.services.exports
    if query.history and query.version:
        raise InvalidInput("The history has all versions.", "Leave out one of the two parameters.")
    return ExportResponse(await (exports.history(site) if query.history else exports.version(site, query.version)))


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
    Operation("GET", "/sites/{site}/export",
              "A zip of the files of a version as visitors get them, or of all versions with their records.",
              export_site, query=ExportQuery, media_type="application/zip"),
    Operation("DELETE", "/sites/{site}", "Delete the site; it can be brought back for 30 days.", delete_site,
              answer=RemovedSite),
    Operation("POST", "/sites/{site}/undelete", "Bring a deleted site back.", undelete_site, answer=Site),
    Operation("GET", "/deleted-sites", "Sites that can be brought back, the last deleted first; at most 100.",
              list_deleted_sites, answer=Page[RemovedSite]),
)  # fmt: skip
