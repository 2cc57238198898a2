"""Serves the sample pages to a browser, with their styles and scripts, and nothing else."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route

from htmx_ui.contexts import Context
from htmx_ui.languages import LANGUAGES
from htmx_ui.render import render
from tests.htmx_ui.samples import NOW

STATIC = Path(__file__).parents[2] / "htmx_ui/static"
ORIGIN = "http://app.test"


def serve(page: Page, contexts: Mapping[str, Context]) -> None:
    """Answer for `page_address`, and refuse all other addresses."""

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        file = STATIC / parts.path.removeprefix("/static/")
        if parts.path.startswith("/page/"):
            language = parse_qs(parts.query)["language"][0]
            html = render(contexts[parts.path.removeprefix("/page/")], NOW, language)
            route.fulfill(body=html, content_type="text/html")
        elif parts.path.startswith("/static/") and file.is_file():
            route.fulfill(path=file)
        else:
            route.abort()

    page.route("**/*", answer)


def page_address(name: str, language: str = LANGUAGES[0]) -> str:
    """Where a sample page is served in a language."""
    return f"{ORIGIN}/page/{name}?language={language}"
