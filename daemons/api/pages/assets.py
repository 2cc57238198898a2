"""Style sheets, scripts and pictures: our own from the package, htmx from the npm packages, nothing else.

Their addresses name a folder after the digest of all of them, so that browsers keep them for good and an upgrade shows
at once, the modules that a script imports too. Any other folder, as in a page of another release, has the same files.
"""

import hashlib
import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

import htmx_ui
from htmx_ui import links
from shared.domain.errors import Unavailable

_HOME = Path(htmx_ui.__file__).parent
_FROM_NPM = {"htmx.min.js": "htmx.org/dist/htmx.min.js"}
_FOR_GOOD, _ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"


@cache
def _files(packages: Path | None) -> Mapping[str, bytes | None]:
    """What is served, by name; it does not change while the daemon runs. None for what is not installed."""
    npm = packages or _HOME.parent / "node_modules"
    own = {file.name: file for file in sorted((_HOME / "static").iterdir())}
    files = own | {name: npm / path for name, path in _FROM_NPM.items()}
    return {name: file.read_bytes() if file.is_file() else None for name, file in files.items()}


@cache
def asset_folder(packages: Path | None) -> str:
    """The address of the folder with these files."""
    whole = hashlib.sha256()
    for name, data in sorted(_files(packages).items()):
        whole.update(f"{name} {_digest(data)}\n".encode())
    return f"{links.STATIC}/{whole.hexdigest()[:16]}"


def asset_routes(packages: Path | None) -> list[BaseRoute]:
    """A route for each file; `packages` is the directory of the npm packages, by default beside the project."""
    folder, files = asset_folder(packages), _files(packages)
    kept = [Route(f"{folder}/{name}", _serve(name, data, _FOR_GOOD)) for name, data in files.items()]
    asked = {name: _serve(name, data, _ASK_AGAIN) for name, data in files.items()}
    plain = [Route(f"{links.STATIC}/{name}", asset) for name, asset in asked.items()]
    other = [Route(f"{links.STATIC}/{{folder}}/{name}", asset) for name, asset in asked.items()]
    return [Route("/favicon.ico", asked["favicon.svg"]), *kept, *plain, *other]


def _serve(name: str, data: bytes | None, cache_control: str) -> Callable[[Request], Awaitable[Response]]:
    headers = {"Cache-Control": cache_control, "ETag": f'"{_digest(data)}"'}
    kind = mimetypes.guess_type(name)[0]

    async def asset(request: Request) -> Response:
        if data is None:
            raise Unavailable(f"The file {name} is not installed.", "Check the setting PAGEWRIGHT_API_ASSETS.")
        # nginx marks the tag of what it has compressed as a weak one.
        if request.headers.get("if-none-match", "").removeprefix("W/") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(data, headers=headers, media_type=kind)

    return asset


def _digest(data: bytes | None) -> str:
    return hashlib.sha256(data or b"").hexdigest()[:24]
