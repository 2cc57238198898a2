"""Making a new site: the form, which says at each field what is wrong with it, and the address that a title gives."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import Response

from daemons.api.json_routes.site_routes import Title
from daemons.api.pages.archive_form import ArchiveForm, read_archive_form
from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from daemons.api.pages.site_view import gather_site, site_query
from daemons.api.sites.site_groups import group_from
from daemons.api.sites.site_names import NameTaken, name_from
from daemons.api.sites.sites import NewSite, templates
from htmx_ui import links
from htmx_ui.site_list_contexts import AddressFragment, NewSitePage
from htmx_ui.site_list_parts import FieldFault, TemplateChoice
from shared.domain.errors import InvalidInput, PageWrightError, TooLarge
from shared.domain.vocabulary import Record, SiteName, new_id

_IMPORT = "import"


class _Titled(Record):
    """What a new site is called."""

    title: Title


class _Named(Record):
    """Where it is."""

    name: SiteName


@dataclass
class _AtFieldError(Exception):
    """What is wrong with one field of the form."""

    field: str
    error: PageWrightError


@contextmanager
def _at(field: str) -> Iterator[None]:
    """Whatever can't work in here is said at the field."""
    try:
        yield
    except (InvalidInput, NameTaken, TooLarge) as error:
        raise _AtFieldError(field, error) from None


async def new_site_form(request: PageRequest) -> Response:
    """The empty form."""
    return request.show(await _form_page(request, FormData()))


async def address(request: PageRequest) -> Response:
    """The field of the address, filled from a title that is being typed."""
    title = request.http.query_params.get("title", "")[:200].strip()
    pattern = _address_pattern(request)
    return request.show(AddressFragment(address_pattern=pattern, name=name_from(title) if title else ""))


async def create_site(request: PageRequest) -> Response:
    """A new site; what is wrong with the form is said on the form, and what was typed stays."""
    form = await read_archive_form(request)
    try:
        new = await _new_site(request, form)
        with _at("name"):
            site, _ = await request.services.sites.create(request.user, new, new_id())
    except _AtFieldError as wrong:
        error, fault = wrong.error, _fault(wrong)
    except PageWrightError as general:
        error, fault = general, FieldFault("", notice_of(general))
    else:
        return request.go(links.site(site.name))
    return request.show(await _form_page(request, form.fields, fault), int(error.status), error.headers)


def _fault(wrong: _AtFieldError) -> FieldFault:
    free = wrong.error.free if isinstance(wrong.error, NameTaken) else ()
    return FieldFault(wrong.field, notice_of(wrong.error), free)


async def _new_site(request: PageRequest, sent: ArchiveForm) -> NewSite:
    form = sent.fields
    with _at("title"):
        title = _title(str(form.get("title", "")))
    with _at("name"):
        name = _name(_typed_name(form), title)
    with _at("group"):
        group = group_from(str(form.get("group", "")))
    choice = str(form.get("template", ""))
    if choice != _IMPORT:
        with _at("template"):
            if choice not in {template.name for template in templates()}:
                raise InvalidInput("There is no such template.", "Choose one of these.")
        return NewSite(name=name, title=title, template=choice, group=group)
    with _at("archive"):
        upload, upload_name = await sent.keep_archive(request.services.sites)
    return NewSite(name=name, title=title, upload=upload, upload_name=upload_name, group=group)


async def other_archive(request: PageRequest) -> Response:
    """Another archive for a site whose import has failed; what is wrong with it is said at its field."""
    site, sites = await request.owned_site(), request.services.sites
    form = await read_archive_form(request)
    try:
        upload, name = await form.keep_archive(sites)
        await sites.import_other(site, upload, name, new_id())
    except PageWrightError as error:
        page, notice = await gather_site(request, site_query({})), notice_of(error)
        if page.asks_for_archive:
            page = replace(page, archive_fault=notice)
        else:  # it was made meanwhile
            page = replace(page, frame=replace(page.frame, notice=notice))
        return request.show(page, int(error.status), error.headers)
    return request.go(links.site(site.name))


async def remove_unmade(request: PageRequest) -> Response:
    """Remove a site that has no version; its name is free again."""
    await request.services.removal.remove_unmade(await request.owned_site())
    return request.go(f"{links.SITES}?notice=site-gone")


def _typed_name(form: FormData) -> str:
    """The address as it was typed, or another that was offered and chosen."""
    return str(form.get("other") or form.get("name", "")).strip()


def _title(text: str) -> str:
    try:
        return _Titled(title=text).title
    except ValidationError:
        raise InvalidInput(
            "The title is missing or can’t be used.", "Give it 1 to 120 characters in one line."
        ) from None


def _name(text: str, title: str) -> str:
    """The address that was typed, or the title's."""
    try:
        return _Named(name=text or name_from(title)).name
    except ValidationError:
        hint = "Use small letters, digits and single hyphens between them, at most 40."
        raise InvalidInput("This address can’t be used.", hint) from None


async def _form_page(request: PageRequest, form: FormData, fault: FieldFault | None = None) -> NewSitePage:
    title, name = str(form.get("title", "")), _typed_name(form)
    if fault and fault.field == "name":
        name = name or name_from(title)
    return NewSitePage(
        frame=request.frame,
        templates=tuple(TemplateChoice(item.name, item.title, item.description) for item in templates()),
        address_pattern=_address_pattern(request),
        upload_limit=request.services.settings.api_upload_bytes,
        title=title[:200],
        name=name[:80],
        choice=str(form.get("template", "")),
        group=str(form.get("group", ""))[:80],
        groups=tuple(await request.services.site_list.groups.of(request.user)),
        fault=fault,
    )


def _address_pattern(request: PageRequest) -> str:
    return request.services.settings.api_sites_url.partition("://")[2].replace("{host}", "{name}")


NEW_SITE_ROUTES = (
    PageRoute("GET", links.NEW_SITE, new_site_form),
    PageRoute("GET", links.NEW_ADDRESS, address),
    PageRoute("POST", links.SITES, create_site),
    PageRoute("POST", links.other_archive("{site}"), other_archive),
    PageRoute("POST", links.remove_unmade("{site}"), remove_unmade),
)
