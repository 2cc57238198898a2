"""Style sheets, scripts and pictures: our own from the package, htmx from the npm packages, nothing else."""

import hashlib
import mimetypes
from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

import htmx_ui
from shared.domain.errors import Unavailable

_HOME = Path(htmx_ui.__file__).parent
_FROM_NPM = {"htmx.min.js": "htmx.org/dist/htmx.min.js", "sse.js": "htmx-ext-sse/dist/sse.min.js"}


def asset_routes(packages: Path | None) -> list[BaseRoute]:
    """A route for each file; `packages` is the directory of the npm packages, by default beside the project."""
    npm = packages or _HOME.parent / "node_modules"
    own = {file.name: file for file in sorted((_HOME / "static").iterdir())}
    files = own | {name: npm / path for name, path in _FROM_NPM.items()}
    icon = Route("/favicon.ico", _serve(_HOME / "static" / "favicon.svg"))
    return [icon, *(Route(f"/static/{name}", _serve(file)) for name, file in files.items())]


def _serve(file: Path) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for a file that is small and does not change while the daemon runs."""
    data = file.read_bytes() if file.is_file() else None
    # Asked for anew each time, answered with 304 mostly: an upgrade shows at once.
    headers = {"Cache-Control": "no-cache", "ETag": f'"{hashlib.sha256(data or b"").hexdigest()[:24]}"'}
    kind = mimetypes.guess_type(file.name)[0]

    async def asset(request: Request) -> Response:
        if data is None:
            raise Unavailable(f"The file {file.name} is not installed.", "Check the setting PAGEWRIGHT_API_ASSETS.")
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(data, headers=headers, media_type=kind)

    return asset
