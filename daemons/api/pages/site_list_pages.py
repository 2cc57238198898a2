"""The list of sites, and making a new one."""

from collections.abc import Sequence

from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from daemons.api.database.paging import Cursor
from daemons.api.json_routes.endpoint import checked
from daemons.api.json_routes.site_routes import Title, file_name
from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from daemons.api.pages.settings_pages import deleted_sites
from daemons.api.pages.views import thumbnail_of
from daemons.api.sites.site_groups import group_from
from daemons.api.sites.site_list import ListedSite
from daemons.api.sites.site_query import SiteOrder, WantedSites
from daemons.api.sites.sites import NewSite, templates
from htmx_ui import links
from htmx_ui.parts import Notice
from htmx_ui.site_list_contexts import NewSitePage, SitesPage
from htmx_ui.site_list_parts import SiteCard, SiteFilter, TemplateChoice
from shared.domain.errors import InvalidInput, PageWrightError
from shared.domain.vocabulary import Record, SiteName, Slot, new_id

_SITES_SHOWN, _MOST_SHOWN = 60, 200
_LONGEST = 100
_IMPORT = "import"


class _Names(Record):
    """What a new site is called."""

    name: SiteName
    title: Title


async def sites(request: PageRequest) -> Response:
    """The user's sites that are asked for, all of them by default."""
    asked = _asked(request)
    cursor = checked(Cursor, {"cursor": request.http.query_params.get("after")}).cursor
    wanted = WantedSites(SiteOrder.CHANGED, asked.search, asked.group, asked.waiting)
    page = await request.services.site_list.page(request.user, cursor, asked.show or _SITES_SHOWN, wanted)
    cards = tuple(map(_card, page.items))
    is_first = not (cursor or asked.is_on)
    return request.show(
        SitesPage(
            frame=request.frame,
            sites=cards,
            more_after=page.next,
            groups=await _groups(request, cards, is_whole=is_first and page.next is None),
            filter=asked,
            deleted=await deleted_sites(request) if is_first else (),
            arranging=request.http.query_params.get("arrange") == "yes",
        )
    )


def _asked(request: PageRequest) -> SiteFilter:
    """What the address asks for."""
    query = request.http.query_params
    show = _MOST_SHOWN if query.get("show") == str(_MOST_SHOWN) else 0
    search, group = (query.get(name, "").replace("\0", "")[:_LONGEST] for name in ("q", "group"))
    return SiteFilter(search, group, query.get("waiting") == "yes", show)


async def _groups(request: PageRequest, cards: Sequence[SiteCard], *, is_whole: bool) -> tuple[str, ...]:
    """The groups of all the user's sites; SQL is not asked if these are all."""
    if is_whole:
        return tuple(sorted({card.group for card in cards if card.group}))
    return tuple(await request.services.site_list.groups.of(request.user))


async def group_sites(request: PageRequest) -> Response:
    """Put the chosen sites into a group, or take them out of theirs."""
    form = await request.form(max_fields=_MOST_SHOWN + 2)
    names = [str(name) for name in form.getlist("site")]
    group = None if form.get("out") else group_from(str(form.get("group", "")))
    if not names:
        raise InvalidInput("No site was chosen.", "Go back, and tick those that belong together.")
    if group is None and not form.get("out"):
        raise InvalidInput("The group has no name.", "Go back, and say what the sites have in common.")
    await request.services.site_list.groups.put(request.user, names, group)
    return request.go(links.SITES)


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
        changed_at=site.changed_at,
        working=listed.working,
        trouble=site.trouble,
        waiting=site.waiting or "",
        group=site.group or "",
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
    PageRoute("POST", links.SITE_GROUPS, group_sites),
    PageRoute("GET", links.NEW_SITE, new_site_form),
)
