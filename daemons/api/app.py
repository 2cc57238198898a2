"""The ASGI application: routes behind the middleware, and every error in the one shape."""

from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from daemons.api.json_routes import json_routes
from daemons.api.json_routes.operation import PREFIX
from daemons.api.middleware import AnswerCutOff, BodyLimit, DropUnheard, SameOrigin, SecurityHeaders, security_headers
from daemons.api.pages import page_routes
from daemons.api.pages.page_request import error_without_account, unknown_address
from daemons.api.services import Services
from shared.domain.errors import Stopping
from shared.runtime.web import http_app, problem_response

_HINTS = {
    404: "The addresses are listed at /api/v1/openapi.json.",
    405: "The methods are listed at /api/v1/openapi.json.",
}


def build_app(services: Services) -> Starlette:
    """The application that answers nginx."""
    settings = services.settings
    routes: list[BaseRoute] = [*json_routes(services), *page_routes(services)]
    middleware = [
        Middleware(SecurityHeaders, headers=security_headers(settings.api_sites_url, settings.api_public_url)),
        Middleware(AnswerCutOff, answer=_cut_off),
        Middleware(DropUnheard),
        Middleware(SameOrigin, public_url=settings.api_public_url, cookie=services.identity.cookie),
        Middleware(BodyLimit, upload_bytes=settings.api_upload_bytes),
    ]
    app = http_app(routes, middleware)
    app.add_exception_handler(HTTPException, _routing_error)
    return app


async def _routing_error(request: Request, error: Exception) -> Response:
    """What Starlette itself refuses, such as an unknown address or method."""
    assert isinstance(error, HTTPException)
    if not request.url.path.startswith(f"{PREFIX}/"):
        return unknown_address(request, error.status_code)
    problem = {
        "type": "about:blank",
        "title": HTTPStatus(error.status_code).phrase,
        "status": error.status_code,
        "detail": _sentence(error),
        "hint": _HINTS.get(error.status_code, "Check the request against /api/v1/openapi.json."),
    }
    return JSONResponse(problem, error.status_code, headers=error.headers, media_type="application/problem+json")


def _cut_off(request: Request, error: Stopping) -> Response:
    """A page or notice for browsers, a problem document for who speaks JSON."""
    if request.url.path.startswith(f"{PREFIX}/"):
        return problem_response(error)
    return error_without_account(request, error)


def _sentence(error: HTTPException) -> str:
    if error.status_code == 404:
        return "There is nothing at this address."
    if error.status_code == 405:
        return "This address does not take this method."
    return error.detail
