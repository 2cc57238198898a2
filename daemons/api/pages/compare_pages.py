"""Any two versions of a page beside each other."""

from collections.abc import Iterator

from starlette.responses import Response

from daemons.api.pages.change_views import WIDTHS, has_picture
from daemons.api.pages.page_request import PageRequest, PageRoute
from daemons.api.sites.addresses import version_number
from daemons.api.sites.version_pair import VersionPair
from htmx_ui import links
from htmx_ui.change_parts import told_change
from htmx_ui.compare_parts import VIEWS, ComparedVersion, ComparePage, Mark
from shared.domain.change_sentences import sentence
from shared.domain.manifest import Manifest
from shared.domain.visible_changes import VisibleChanges


async def compare(request: PageRequest) -> Response:
    """The page and the versions that the address names; by default the home page, what visitors see and the newest."""
    given, versions = request.http.query_params, request.services.versions
    owned = await request.owned_site()
    chosen = [version_number(given[name]) if given.get(name) else None for name in ("earlier", "later")]
    pair = await versions.pair(owned, *chosen)
    before, after = await versions.pages(pair.earlier), await versions.pages(pair.later)
    pages = tuple(dict.fromkeys((*after, *before)))
    page, width, view = (given.get(name, "") for name in ("page", "width", "view"))
    page = page if page in pages else next(iter(pages), "index.html")
    width = width if width in WIDTHS else "desktop"
    seen = await versions.seen_changes(pair.later) if pair.later.parent == pair.earlier.number else None
    return request.show(
        ComparePage(
            frame=request.frame,
            name=owned.name,
            title=owned.row.title,
            page=page,
            pages=pages,
            earlier=_side(pair, pair.earlier, page, width, has_page=page in before),
            later=_side(pair, pair.later, page, width, has_page=page in after),
            newest=pair.newest,
            width=width,
            view=view if view in VIEWS else VIEWS[0],
            across=WIDTHS[width],
            marks=None if seen is None else tuple(marks(seen, page, width)),
            is_whole=seen is not None and is_whole(seen, page),
        )
    )


def _side(pair: VersionPair, manifest: Manifest, page: str, width: str, *, has_page: bool) -> ComparedVersion:
    address = links.picture(manifest.site, manifest.number, page, width)
    return ComparedVersion(
        number=manifest.number,
        picture=address if has_picture(manifest, page, width) else None,
        has_page=has_page,
        is_public=manifest.number == pair.public,
        is_newest=manifest.number == pair.newest,
    )


def marks(seen: VisibleChanges, page: str, width: str) -> Iterator[Mark]:
    """The changes of this page, with their places at this width as far as they are known."""
    for change in seen.changes:
        if page in change.pages:
            told = told_change(sentence(change))
            places = [one for one in change.regions if (one.page, one.viewport) == (page, width)]
            yield from (Mark(told, one.before, one.after) for one in places)
            if not places:
                yield Mark(told)


def is_whole(seen: VisibleChanges, page: str) -> bool:
    """Whether all changes of this page are told: it was looked at, and no list was cut that may have named it."""
    is_cut = seen.total > len(seen.changes) or any(one.page_count > len(one.pages) for one in seen.changes)
    return not is_cut and page not in seen.unread and seen.unread_count == len(seen.unread)


COMPARE_ROUTES = (PageRoute("GET", links.compare("{site}"), compare),)
