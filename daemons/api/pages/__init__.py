"""The HTML routes: they call the services, make contexts, and let htmx_ui render them."""

from starlette.routing import BaseRoute

from daemons.api.pages.account_pages import ACCOUNT_ROUTES
from daemons.api.pages.address_pages import ADDRESS_ROUTES
from daemons.api.pages.assets import asset_routes
from daemons.api.pages.compare_pages import COMPARE_ROUTES
from daemons.api.pages.event_pages import EVENT_ROUTES
from daemons.api.pages.job_pages import JOB_ROUTES
from daemons.api.pages.message_files import UPLOAD_ROUTES
from daemons.api.pages.message_pages import MESSAGE_ROUTES
from daemons.api.pages.model_note import ModelNote
from daemons.api.pages.new_site_pages import NEW_SITE_ROUTES
from daemons.api.pages.page_request import PageRoute, make_route
from daemons.api.pages.queue_pages import QUEUE_ROUTES
from daemons.api.pages.settings_pages import SETTINGS_ROUTES
from daemons.api.pages.sign_in_pages import SIGN_IN_ROUTES
from daemons.api.pages.site_list_pages import SITE_LIST_ROUTES
from daemons.api.pages.site_pages import SITE_ROUTES
from daemons.api.pages.status_pages import STATUS_ROUTES
from daemons.api.pages.unasked_pages import UNASKED_ROUTES
from daemons.api.pages.version_pages import VERSION_ROUTES
from daemons.api.services import Services

PAGES: tuple[PageRoute, ...] = (
    *SIGN_IN_ROUTES,
    *ACCOUNT_ROUTES,
    *SITE_LIST_ROUTES,
    *NEW_SITE_ROUTES,
    *SITE_ROUTES,
    *SETTINGS_ROUTES,
    *ADDRESS_ROUTES,
    *MESSAGE_ROUTES,
    *EVENT_ROUTES,
    *UPLOAD_ROUTES,
    *JOB_ROUTES,
    *QUEUE_ROUTES,
    *VERSION_ROUTES,
    *UNASKED_ROUTES,
    *COMPARE_ROUTES,
    *STATUS_ROUTES,
)


def page_routes(services: Services) -> list[BaseRoute]:
    """The routes of all pages and of their assets."""
    note = ModelNote(services.settings.model_address)
    return [*asset_routes(services.settings.api_assets), *(make_route(page, services, note) for page in PAGES)]
