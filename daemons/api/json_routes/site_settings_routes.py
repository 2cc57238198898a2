"""Operations on what surrounds a site: its title and group, its address, its export, deleting it, bringing it back."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from daemons.api.database.paging import Page, Query
from daemons.api.json_routes.export_response import ExportResponse
from daemons.api.json_routes.operation import ApiRequest, Operation
from daemons.api.json_routes.site_routes import Group, Title
from daemons.api.publishing.moving import PublicAddress
from daemons.api.sites.removal import RemovedSite
from daemons.api.sites.site_record import Site
from shared.domain.check_rules import CheckRules
from shared.domain.errors import InvalidInput
from shared.domain.forwarding import USUAL_FORWARD, Forward
from shared.domain.vocabulary import Record, SiteName


def _without_default(schema: dict[str, Any]) -> None:
    """For the document: a field that is left out changes nothing, so it has no default that a client could send."""
    schema.pop("default")


class SiteUpdate(Record):
    """What changes of a site; what is left out stays."""

    title: Title = Field("", json_schema_extra=_without_default)
    group: Annotated[Group, BeforeValidator(lambda value: None if value == "" else value)] = Field(
        None, description='Null or "" takes the site out of its group.', json_schema_extra=_without_default
    )
    checks: CheckRules | None = Field(
        None,
        description="What differs from the usual for its checks, as a whole; null for nothing. It holds for what is "
        "asked for from then on.",
        json_schema_extra=_without_default,
    )


class AddressInput(Record):
    """A site's new address: a label of the sites' domain, as its name is one."""

    address: SiteName
    forward: Annotated[Forward, Field(description="How long the address of before leads to it.")] = USUAL_FORWARD
    expected: Annotated[
        SiteName | None, Field(description="The address that you saw: answers 409 if it is another by now.")
    ] = None


class ExportQuery(Query):
    """The version to export, by default the newest; or all of them with their records."""

    version: Annotated[int, Field(ge=1, lt=2**53)] | None = None
    history: bool = False


async def update_site(request: ApiRequest, body: SiteUpdate) -> Site:
    """Another title, another group, other rules for its checks."""
    site, settings = await request.owned_site(), request.services.site_settings
    wanted = body.model_dump(exclude_unset=True, exclude={"checks"})
    if not body.model_fields_set:
        raise InvalidInput("Nothing is to be changed.", "Send `title`, `group` or `checks`.")
    await settings.change(site, **{"title": site.row.title, "group": site.row.group} | wanted)
    if "checks" in body.model_fields_set:
        await settings.set_checks(site, body.checks)
    return await request.services.sites.show(await request.owned_site())


async def show_address(request: ApiRequest) -> PublicAddress:
    """Where visitors find it."""
    return await request.services.moving.look(await request.owned_site())


async def set_address(request: ApiRequest, body: AddressInput) -> PublicAddress:
    """Another address."""
    site = await request.owned_site()
    return await request.services.moving.move(site, body.address, body.forward, body.expected)


async def export_site(request: ApiRequest, query: ExportQuery) -> ExportResponse:
    """A zip of a version or of all."""
    site, exports = await request.owned_site(), request.services.exports
    if query.history and query.version:
        raise InvalidInput("The history has all versions.", "Leave out one of the two parameters.")
    made = exports.history(site, request.language) if query.history else exports.version(site, query.version)
    return ExportResponse(await made)


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
    Operation("PATCH", "/sites/{site}", "Change the site's title, its group, or what holds its changes back.",
              update_site, body=SiteUpdate, answer=Site),
    Operation("GET", "/sites/{site}/address", "Where visitors find the site, and which addresses of before lead there.",
              show_address, answer=PublicAddress),
    Operation("PUT", "/sites/{site}/address",
              "Give the site another address, to which the one before leads; answers once that is so.", set_address,
              body=AddressInput, answer=PublicAddress),
    Operation("GET", "/sites/{site}/export",
              "A zip of the files of a version as visitors get them, or of all versions with their records.",
              export_site, query=ExportQuery, media_type="application/zip"),
    Operation("DELETE", "/sites/{site}", "Delete the site; it can be brought back for 30 days.", delete_site,
              answer=RemovedSite),
    Operation("POST", "/sites/{site}/undelete", "Bring a deleted site back.", undelete_site, answer=Site),
    Operation("GET", "/deleted-sites", "Sites that can be brought back, the last deleted first; at most 100.",
              list_deleted_sites, answer=Page[RemovedSite]),
)  # fmt: skip
