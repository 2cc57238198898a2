"""What is somebody else's does not exist: every route that names a site or job, also those that come later."""

import re

import httpx
import pytest

from daemons.api.json_routes import OPERATIONS
from daemons.api.pages import PAGES
from tests.api.conftest import World
from tests.support.api_process import PUBLIC_URL

_BODIES: dict[str, dict[str, object]] = {
    "/sites/{site}/jobs": {"message": "Mine now"},
    "/sites/{site}": {"title": "Mine"},
    "/sites/{site}/address": {"address": "mine"},
    "/sites/{site}/deployments": {"slot": "preview", "version": 1},
    "/sites/{site}/queue/cancel": {},
    "/jobs/{job}": {"message": "Mine now"},
    "/jobs/{job}/move": {},
}
_NAMING = [op for op in OPERATIONS if "{site}" in op.path or "{job}" in op.path]
_API = [(op.method, op.path) for op in _NAMING if not op.for_admins]
_FOR_ADMINS = [(op.method, op.path) for op in _NAMING if op.for_admins]
_PAGES = [(page.method, page.path) for page in PAGES if "{site}" in page.path]


@pytest.fixture(scope="module")
def names(world: World) -> dict[str, str]:
    """What the parameters in a path stand for: a site of ana's with all that it has."""
    site = world.site()
    job = world.ana.get("jobs", params={"site": site}).json()["items"][0]["id"]
    files = {"path": "index.html", "page": "index.html", "viewport": "desktop"}
    return {"site": site, "job": job, "number": "1", "slot": "current", "key": "k"} | files


@pytest.fixture(scope="module")
def bens_session(world: World) -> str:
    with httpx.Client(transport=httpx.HTTPTransport(uds=world.api.address.removeprefix("unix:"))) as client:
        link = world.api.sign_in_link("ben@example.org")
        answer = client.post(link, headers={"Sec-Fetch-Site": "same-origin"})
        return answer.headers["set-cookie"].partition(";")[0]


def filled(path: str, names: dict[str, str]) -> str:
    return re.sub(r"{(\w+)(?::path)?}", lambda found: names[found[1]], path)


@pytest.mark.parametrize(("method", "path"), _API)
def test_by_the_api(world: World, names: dict[str, str], method: str, path: str) -> None:
    address, sent = filled(path, names).lstrip("/"), {"json": _BODIES.get(path)}
    if path.endswith("/uploads"):
        sent = {"files": {"file": ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(32))}}
    assert world.ben.request(method, address, **sent).status_code == 404
    assert world.api.client().request(method, address, **sent).status_code == 401
    if method == "GET" and "screenshots" not in path:
        assert world.ana.get(address).status_code == 200


@pytest.mark.parametrize(("method", "path"), _FOR_ADMINS)
def test_by_the_api_for_administrators(world: World, names: dict[str, str], method: str, path: str) -> None:
    """The answer is the same whether the site exists or not."""
    for site in (names["site"], "nowhere"):
        address = filled(path, names | {"site": site}).lstrip("/")
        assert world.ben.request(method, address, json={"email": "ben@example.org"}).status_code == 403
        assert world.api.client().request(method, address, json={"email": "ben@example.org"}).status_code == 401


@pytest.mark.parametrize(("method", "path"), _PAGES)
def test_by_a_page(world: World, names: dict[str, str], bens_session: str, method: str, path: str) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "HX-Request": "true", "Cookie": bens_session}
    address = f"{PUBLIC_URL}{filled(path, names)}"
    client = world.api.client()
    answer = client.request(
        method, address, headers=headers, data={"message": "Mine now"} if method == "POST" else None
    )
    assert answer.status_code == 404
    nobody = client.request(method, address, headers=headers | {"Cookie": ""})
    assert nobody.headers["hx-redirect"].partition("?")[0] == "/sign-in"
