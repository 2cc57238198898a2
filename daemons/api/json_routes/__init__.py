"""The JSON API, `/api/v1`: a table of operations, and the routes and document made from it."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from daemons.api.json_routes import (
    job_routes,
    orphan_routes,
    people_routes,
    queue_routes,
    site_routes,
    site_settings_routes,
    status_routes,
    unasked_routes,
    version_routes,
)
from daemons.api.json_routes.endpoint import make_route
from daemons.api.json_routes.openapi import openapi_document
from daemons.api.json_routes.operation import PREFIX, Operation
from daemons.api.services import Services

OPERATIONS: tuple[Operation, ...] = (
    *site_routes.OPERATIONS,
    *site_settings_routes.OPERATIONS,
    *job_routes.OPERATIONS,
    *queue_routes.OPERATIONS,
    *version_routes.OPERATIONS,
    *unasked_routes.OPERATIONS,
    *people_routes.OPERATIONS,
    *orphan_routes.OPERATIONS,
    *status_routes.OPERATIONS,
)


def json_routes(services: Services) -> list[Route]:
    """The routes of the JSON API."""
    document = openapi_document(OPERATIONS, services.settings.api_public_url, services.identity.cookie)

    async def openapi(_: Request) -> Response:
        return JSONResponse(document)

    return [
        Route(f"{PREFIX}/openapi.json", openapi),
        *(make_route(operation, services) for operation in OPERATIONS),
    ]
