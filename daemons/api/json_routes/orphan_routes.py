"""Operations on sites that have lost their owner."""

from daemons.api.database.paging import Cursor, Page
from daemons.api.json_routes.operation import ApiRequest, Operation
from daemons.api.json_routes.people_routes import EmailInput
from daemons.api.sites.orphans import Orphan
from daemons.api.sites.site_record import Site


async def list_orphans(request: ApiRequest, query: Cursor) -> Page[Orphan]:
    """Sites without an owner."""
    return await request.services.orphans.list_orphans(query.cursor, query.limit)


async def adopt(request: ApiRequest, body: EmailInput) -> Site:
    """Give one an owner."""
    owner = await request.services.accounts.by_email(body.email)
    await request.services.orphans.adopt(request.site, owner, by=request.user.email)
    return await request.services.sites.show(await request.owned_site())


OPERATIONS = (
    Operation("GET", "/orphans", "Sites in storage that have no owner, by name (administrators).", list_orphans,
              answer=Page[Orphan], query=Cursor, for_admins=True),
    Operation("POST", "/orphans/{site}/adopt", "Give such a site an owner (administrators).", adopt,
              body=EmailInput, answer=Site, status=201, location=lambda site: f"/api/v1/sites/{site.name}",
              for_admins=True),
)  # fmt: skip
