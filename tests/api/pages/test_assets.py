"""Style sheets, scripts and pictures, as a browser asks for them."""

import re
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

import htmx_ui
from daemons.api.pages.assets import asset_folder

STATIC = Path(htmx_ui.__file__).parent / "static"
OURS = sorted(file.name for file in STATIC.iterdir())


@pytest.mark.parametrize("name", [*OURS, "htmx.min.js"])
def test_assets_are_served_and_asked_for_again_cheaply(visitor: httpx.Client, name: str) -> None:
    """Without a folder, and in that of another release: during an upgrade there are pages of both."""
    for path in (f"/static/{name}", f"/static/0123456789abcdef/{name}"):
        first = visitor.get(path)
        assert (first.status_code, first.headers["cache-control"]) == (200, "no-cache")
        assert len(first.content) > 100
        tag = first.headers["etag"]
        for seen in (tag, f"W/{tag}"):
            again = visitor.get(path, headers={"If-None-Match": seen})
            assert (again.status_code, again.content) == (304, b"")


def test_what_a_page_loads_is_kept_for_good(visitor: httpx.Client) -> None:
    """The modules that a script imports too: their addresses are relative to its folder."""
    page = visitor.get("/sign-in").text
    loaded = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert {path.rpartition("/")[2] for path in loaded} >= {"base.css", "app.js", "htmx.min.js", "dom.js"}
    for path in [path for path in loaded if path.endswith(".js")]:
        imported = re.findall(r'^import .*?"([^"]+)";$', visitor.get(path).text, re.MULTILINE)
        loaded |= {urljoin(path, name) for name in imported}
    assert {path.rpartition("/")[2] for path in loaded} <= {*OURS, "htmx.min.js"}
    for path in loaded:
        assert path.startswith(f"{asset_folder(None)}/")
        assert visitor.get(path).headers["cache-control"] == "public, max-age=31536000, immutable"


def test_the_folder_is_named_by_what_is_in_it(tmp_path: Path) -> None:
    for name in ("a", "b"):
        file = tmp_path / name / "htmx.org/dist/htmx.min.js"
        file.parent.mkdir(parents=True)
        file.write_text(f"// {name}")
    assert len({asset_folder(tmp_path / name) for name in ("a", "b", "nothing")}) == 3


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/../render.py", "/static/%2e%2e/render.py", "/static/package.json", "/static/0/1/app.js"],
)
def test_nothing_else_is_served(visitor: httpx.Client, path: str) -> None:
    assert visitor.get(path).status_code == 404
