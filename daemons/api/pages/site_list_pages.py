"""The list of sites, searched and put into groups."""

from collections.abc import Sequence
from dataclasses import replace

from starlette.datastructures import FormData
from starlette.responses import Response

from daemons.api.database.paging import Cursor
from daemons.api.json_routes.endpoint import checked
from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from daemons.api.pages.settings_pages import deleted_sites
from daemons.api.pages.views import thumbnail_of
from daemons.api.sites.site_groups import group_from
from daemons.api.sites.site_list import ListedSite
from daemons.api.sites.site_query import SiteOrder, WantedSites
from htmx_ui import links
from htmx_ui.site_list_contexts import SitesPage
from htmx_ui.site_list_parts import FieldFault, SiteCard, SiteFilter
from shared.domain.errors import InvalidInput
from shared.domain.vocabulary import Slot

_SITES_SHOWN, _MOST_SHOWN = 60, 200
_LONGEST = 100


async def sites(request: PageRequest) -> Response:
    """The user's sites that are asked for, all of them by default."""
    arranging = request.http.query_params.get("arrange") == "yes"
    return request.show(replace(await _list(request), arranging=arranging))


async def _list(request: PageRequest) -> SitesPage:
    asked = _asked(request)
    cursor = checked(Cursor, {"cursor": request.http.query_params.get("after")}).cursor
    wanted = WantedSites(SiteOrder.CHANGED, asked.search, asked.group, asked.waiting)
    page = await request.services.site_list.page(request.user, cursor, asked.show or _SITES_SHOWN, wanted)
    cards = tuple(map(_card, page.items))
    is_first = not (cursor or asked.is_on)
    return SitesPage(
        frame=request.frame,
        sites=cards,
        more_after=page.next,
        groups=await _groups(request, cards, is_whole=is_first and page.next is None),
        filter=asked,
        deleted=await deleted_sites(request) if is_first else (),
        after=cursor,
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
    """Put the chosen sites into a group, or take them out of theirs; what is wrong is said at the form."""
    form = await request.form(max_fields=_MOST_SHOWN + 2)
    names, typed = [str(name) for name in form.getlist("site")], str(form.get("group", ""))
    try:
        group = _group_of(form, names)
    except InvalidInput as error:
        fault = FieldFault("group" if names else "site", notice_of(error))
        page = replace(await _list(request), arranging=True, picked=frozenset(names), typed=typed[:_LONGEST])
        return request.show(replace(page, fault=fault), int(error.status))
    await request.services.site_list.groups.put(request.user, names, group)
    return request.go(links.SITES)


def _group_of(form: FormData, names: Sequence[str]) -> str | None:
    """The group that these sites go to, None for out of theirs; raises InvalidInput."""
    if not names:
        raise InvalidInput("No site was chosen.", "Tick those that belong together.")
    group = None if form.get("out") else group_from(str(form.get("group", "")))
    if group is None and not form.get("out"):
        raise InvalidInput("The group has no name.", "Say what the sites have in common.")
    return group


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


SITE_LIST_ROUTES = (
    PageRoute("GET", links.SITES, sites),
    PageRoute("POST", links.SITE_GROUPS, group_sites),
)
