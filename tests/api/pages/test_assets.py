"""Style sheets, scripts and pictures, as a browser asks for them."""

from pathlib import Path

import httpx
import pytest

import htmx_ui

OURS = sorted(file.name for file in (Path(htmx_ui.__file__).parent / "static").iterdir())


@pytest.mark.parametrize("name", [*OURS, "htmx.min.js", "sse.js"])
def test_assets_are_served_and_asked_for_again_cheaply(visitor: httpx.Client, name: str) -> None:
    first = visitor.get(f"/static/{name}")
    assert first.status_code == 200
    assert len(first.content) > 100
    again = visitor.get(f"/static/{name}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/static/", "/static/../render.py", "/static/%2e%2e/render.py", "/static/package.json"]
)
def test_nothing_else_is_served(visitor: httpx.Client, path: str) -> None:
    assert visitor.get(path).status_code == 404
