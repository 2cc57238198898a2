"""Operations on sites, deployments and templates."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints
from starlette.datastructures import UploadFile
from starlette.responses import Response

from daemons.api.database.paging import Before, Cursor, Page
from daemons.api.jobs.rows import Job
from daemons.api.json_routes.endpoint import checked
from daemons.api.json_routes.operation import PREFIX, ApiRequest, Operation
from daemons.api.publishing.publishing import SlotSeen
from daemons.api.sites.site_names import name_from
from daemons.api.sites.site_query import SiteOrder, WantedSites
from daemons.api.sites.site_record import Site
from daemons.api.sites.sites import NewSite, SiteTemplate, template_picture, templates
from shared.domain.errors import InvalidInput, NotFound
from shared.domain.vocabulary import Deployment, Digest, Record, SiteName, Slot, VersionNumber

# One line of text: control characters would end up in <title>, in logs and in file names.
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")
]

# A version that was just made is on the web hosts in a moment, if nothing is in its way.
_PREVIEW_SECONDS = 3.0

# A release may bring another picture of a template under the same address.
_KEPT_A_DAY = {"Cache-Control": "private, max-age=86400"}

# What the slot showed, as an entity tag; 0 for nothing.
_MATCHED = re.compile(r'"?([0-9]{1,15})"?')

# The folder of an archive that is to become the site, if the archive leaves that open.
Root = Annotated[str | None, StringConstraints(min_length=1, max_length=512)]

Group = Annotated[
    str | None, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")
]


def file_name(name: object) -> str:
    """A file's name for people: one line, not too long."""
    return "".join(character for character in str(name) if character.isprintable())[-120:] or "archive"


class SiteFields(Record):
    """What a new site is called, and its owner's word for what it belongs to; its name is made from its title."""

    name: SiteName | None = None
    title: Title
    group: Group = None


class SiteInput(SiteFields):
    """A new site from a template."""

    template: Annotated[str, StringConstraints(max_length=80)]


class ImportInput(SiteFields):
    """A new site from an archive, as form fields; the file part is called `archive`."""

    archive: Annotated[str, Field(json_schema_extra={"contentMediaType": "application/octet-stream"})]
    root: Root = None


class KeptImport(SiteFields):
    """An import whose archive is in storage already."""

    upload: Digest
    upload_name: Annotated[str, BeforeValidator(file_name)]
    root: Root = None


class SiteCreated(Record):
    """A new site, and the job that makes its version 1."""

    site: Site
    job: Job


class ShownDeployment(Record):
    """Which version a slot was to show from then on, by whom; null: nothing, the site was taken down."""

    number: int
    site: SiteName
    slot: Slot
    version: VersionNumber | None
    by: str
    at: datetime


class DeploymentInput(Record):
    """Which version a slot shall show, null for nothing in `current`; `expected` is the one that you saw there."""

    slot: Slot
    version: VersionNumber | None
    accept_failed_checks: bool = False
    expected: Annotated[
        VersionNumber | None,
        Field(
            description="Answers 409 if the slot shows another version by now; null: it showed none. May be left out."
        ),
    ] = None

    @property
    def seen(self) -> int | None:
        """The expected version, 0 for none; None if nothing is expected."""
        return (self.expected or 0) if "expected" in self.model_fields_set else None


async def read_import(request: ApiRequest) -> KeptImport:
    """The form of an import; its archive goes into storage. Only who is signed in gets here."""
    async with request.http.form(max_files=1, max_fields=8) as form:
        archive = form.get("archive")
        if not isinstance(archive, UploadFile):
            raise InvalidInput("The file part archive is missing.", "Send a .zip, .tar.gz or .tar as `archive`.")
        fields = {name: value for name, value in form.items() if name != "archive"}
        stand_in = {"upload": "0" * 64, "upload_name": archive.filename or "archive"}
        # Before the bytes go anywhere: a wrong name must not cost an upload.
        wanted = checked(KeptImport, fields | stand_in)
        upload = await request.services.sites.keep_upload(archive, wanted.upload_name)
        return wanted.model_copy(update={"upload": upload})


def _new_site(body: SiteInput | KeptImport) -> NewSite:
    return NewSite(**body.model_dump() | {"name": body.name or name_from(body.title)})


async def create_site(request: ApiRequest, body: SiteInput | KeptImport) -> SiteCreated:
    """Create or import."""
    site, job = await request.services.sites.create(request.user, _new_site(body), request.id)
    return SiteCreated(site=site, job=job)


class SitesQuery(Cursor):
    """A page of the list of sites; `cursor` is the `next` of the page before, in the same order."""

    limit: Annotated[int, Field(ge=1, le=200, description="How many items at most.")] = 50
    sort: Annotated[SiteOrder, Field(description="By name, or with what changed last first.")] = SiteOrder.NAME
    search: Annotated[str, Field(max_length=100, description="Words in title, name or address, in any accents.")] = ""
    group: Annotated[str, Field(max_length=60, description="The sites of this group alone.")] = ""
    waiting: Annotated[bool, Field(description="The sites alone that wait for their owner.")] = False


async def list_sites(request: ApiRequest, query: SitesQuery) -> Page[Site]:
    """The user's sites."""
    wanted = WantedSites(query.sort, query.search, query.group, query.waiting)
    page = await request.services.site_list.page(request.user, query.cursor, query.limit, wanted)
    return Page(items=[listed.site for listed in page.items], next=page.next)


async def show_site(request: ApiRequest) -> Site:
    """One site."""
    return await request.services.sites.show(await request.owned_site())


async def deploy(request: ApiRequest, body: DeploymentInput) -> ShownDeployment:
    """Publish, roll back, or take down."""
    if body.version is None and body.slot is not Slot.CURRENT:
        raise InvalidInput(f"The slot {body.slot} always shows a version.", f"Only {Slot.CURRENT} can show nothing.")
    expected = _seen(body, request.http.headers.get("if-match"))
    site, accepted = await request.owned_site(), body.accept_failed_checks
    desired = await request.services.publishing.deploy(
        site, body.slot, body.version, accept_failed_checks=accepted, expected=expected
    )
    return shown_deployment(desired.deployment)


def shown_deployment(deployment: Deployment) -> ShownDeployment:
    """A deployment as it is answered."""
    return ShownDeployment(**dict(deployment))


def _seen(body: DeploymentInput, header: str | None) -> int | None:
    """What the body or the header `If-Match` expects; raises InvalidInput if they don't agree."""
    if header is None:
        return body.seen
    found = _MATCHED.fullmatch(header.strip())
    if found is None:
        raise InvalidInput("The header If-Match names no version.", 'Send the version as "3", or "0" for none.')
    if body.seen not in (None, int(found[1])):
        raise InvalidInput("If-Match and the field expected name different versions.", "Send one of them.")
    return int(found[1])


async def show_slot(request: ApiRequest) -> SlotSeen:
    """What visitors of a slot get."""
    name = request.path("slot")
    if name not in set(Slot):
        raise NotFound(f"There is no slot {name[:20]!r}.", f"The slots are {' and '.join(Slot)}.")
    return await request.services.publishing.look(await request.owned_site(), Slot(name), _PREVIEW_SECONDS)


async def list_deployments(request: ApiRequest, query: Before) -> Page[ShownDeployment]:
    """What was shown when."""
    site = await request.owned_site()
    page = await request.services.publishing.list_deployments(site, query.before, query.limit)
    return Page(items=[shown_deployment(deployment) for deployment in page.items], next=page.next)


async def list_templates(request: ApiRequest) -> Page[SiteTemplate]:
    """All templates."""
    return Page(items=templates())


async def show_template_picture(request: ApiRequest) -> Response:
    """What a template looks like."""
    return Response(template_picture(request.path("template")), headers=_KEPT_A_DAY, media_type="image/jpeg")


OPERATIONS = (
    Operation("GET", "/sites", "Your sites by name; an administrator's list has everybody's.", list_sites,
              answer=Page[Site], query=SitesQuery),
    Operation("POST", "/sites", "Create a site from a template, or import one from an archive.", create_site,
              body=SiteInput, forms={"multipart/form-data": ImportInput}, read_form=read_import,
              answer=SiteCreated, status=201, location=lambda made: f"{PREFIX}/sites/{made.site.name}"),
    Operation("GET", "/sites/{site}", "One site.", show_site, answer=Site),
    Operation("POST", "/sites/{site}/deployments",
              "Show a version in a slot, or nothing; answers once that is so. Rolling back is the same call.", deploy,
              body=DeploymentInput, answer=ShownDeployment, status=201),
    Operation("GET", "/sites/{site}/slots/{slot}", "What the web hosts show in a slot, looked at now.", show_slot,
              answer=SlotSeen),
    Operation("GET", "/sites/{site}/deployments", "What each slot was to show, newest first.", list_deployments,
              answer=Page[ShownDeployment], query=Before),
    Operation("GET", "/templates", "The templates that a site can start from.", list_templates,
              answer=Page[SiteTemplate]),
    Operation("GET", "/templates/{template}/picture", "What a template looks like.", show_template_picture,
              media_type="image/jpeg"),
)  # fmt: skip
