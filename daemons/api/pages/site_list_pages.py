"""The list of sites, and making a new one."""

from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from daemons.api.database.paging import Cursor
from daemons.api.json_routes.endpoint import checked
from daemons.api.json_routes.site_routes import Title, file_name
from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from daemons.api.pages.settings_pages import deleted_sites
from daemons.api.pages.views import thumbnail_of
from daemons.api.sites.site_list import ListedSite
from daemons.api.sites.sites import NewSite, templates
from htmx_ui import links
from htmx_ui.contexts import NewSitePage, SitesPage
from htmx_ui.parts import Notice, SiteCard, TemplateChoice
from shared.domain.errors import InvalidInput, PageWrightError
from shared.domain.vocabulary import Record, SiteName, Slot, new_id

_SITES_SHOWN = 60
_IMPORT = "import"


class _Names(Record):
    """What a new site is called."""

    name: SiteName
    title: Title


async def sites(request: PageRequest) -> Response:
    """All sites of the user."""
    cursor = checked(Cursor, {"cursor": request.http.query_params.get("after")}).cursor
    page = await request.services.site_list.page(request.user, cursor, _SITES_SHOWN)
    deleted = () if cursor else await deleted_sites(request)
    cards = tuple(map(_card, page.items))
    return request.show(SitesPage(frame=request.frame, sites=cards, more_after=page.next, deleted=deleted))


async def new_site_form(request: PageRequest) -> Response:
    """The empty form."""
    return request.show(_form_page(request))


async def create_site(request: PageRequest) -> Response:
    """A new site; what is wrong with the form is said on the form."""
    form = await request.form()
    try:
        names = _names(form)
        site, _ = await request.services.sites.create(request.user, await _new_site(request, form, names), new_id())
    except PageWrightError as error:
        return request.show(_form_page(request, form, notice_of(error)), int(error.status))
    return request.go(links.site(site.name))


def _card(listed: ListedSite) -> SiteCard:
    site, summary = listed.site, listed.summary
    return SiteCard(
        name=site.name,
        title=site.title,
        picture=thumbnail_of(site.name, site.latest, summary.pictures) if summary and site.latest else None,
        newest=site.latest,
        published=site.slots.get(Slot.CURRENT),
        address=site.urls.current,
        changed_at=(summary and summary.made_at) or site.created_at,
        working=listed.working,
        trouble=site.trouble,
    )


def _names(form: FormData) -> _Names:
    try:
        return _Names(name=str(form.get("name", "")).strip(), title=str(form.get("title", "")))
    except ValidationError as error:
        wrong = error.errors()[0]["loc"][0]
    if wrong == "title":
        raise InvalidInput("The title is missing or can’t be used.", "Give it 1 to 120 characters in one line.")
    raise InvalidInput(
        "This address can’t be used.", "Use small letters, digits and single hyphens between them, at most 40."
    )


async def _new_site(request: PageRequest, form: FormData, names: _Names) -> NewSite:
    choice = str(form.get("template", ""))
    if choice != _IMPORT:
        return NewSite(name=names.name, title=names.title, template=choice)
    archive = form.get("archive")
    if not isinstance(archive, UploadFile) or not archive.filename:
        raise InvalidInput("There is no archive.", "Choose a .zip or .tar.gz of your site.")
    upload = await request.services.sites.keep_upload(archive)
    return NewSite(name=names.name, title=names.title, upload=upload, upload_name=file_name(archive.filename))


def _form_page(request: PageRequest, form: FormData | None = None, error: Notice | None = None) -> NewSitePage:
    given = form or FormData()
    settings = request.services.settings
    return NewSitePage(
        frame=request.frame,
        templates=tuple(TemplateChoice(item.name, item.title, item.description) for item in templates()),
        address_pattern=settings.api_sites_url.partition("://")[2].replace("{host}", "{name}"),
        upload_limit=settings.api_upload_bytes,
        title=str(given.get("title", ""))[:200],
        name=str(given.get("name", ""))[:80],
        choice=str(given.get("template", "")),
        error=error,
    )


SITE_LIST_ROUTES = (
    PageRoute("GET", links.SITES, sites),
    PageRoute("POST", links.SITES, create_site),
    PageRoute("GET", links.NEW_SITE, new_site_form),
)
