"""The HTML routes: they call the services, make contexts, and let htmx_ui render them."""

from starlette.routing import BaseRoute

from daemons.api.pages import job_pages, sign_in_pages, site_list_pages, site_pages, version_pages
from daemons.api.pages.assets import asset_routes
from daemons.api.pages.model_note import ModelNote
from daemons.api.pages.visit import PageRoute, make_route
from daemons.api.services import Services

_PAGES: tuple[PageRoute, ...] = (
    *sign_in_pages.ROUTES,
    *site_list_pages.ROUTES,
    *site_pages.ROUTES,
    *job_pages.ROUTES,
    *version_pages.ROUTES,
)


def page_routes(services: Services) -> list[BaseRoute]:
    """The routes of all pages and of their assets."""
    note = ModelNote(services.settings.model_address)
    return [*asset_routes(services.settings.api_assets), *(make_route(page, services, note) for page in _PAGES)]
