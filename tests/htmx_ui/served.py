"""Serves the sample pages to a browser, with their styles and scripts, and nothing else.

It is the browser's proxy, so every address is asked of it. The browser keeps styles and scripts from page to page, as a
person's does; with Playwright's own routes it would keep nothing.
"""

import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import ProxySettings

from htmx_ui.contexts import Context
from htmx_ui.languages import LANGUAGES
from htmx_ui.render import render
from tests.htmx_ui.samples import NOW
from tests.support.small_server import SmallHandler, serving

STATIC = Path(__file__).parents[2] / "htmx_ui/static"
ORIGIN = "http://app.test"


@contextmanager
def served(contexts: Mapping[str, Context]) -> Iterator[ProxySettings]:
    """The proxy of a browser that gets `page_address`; all other addresses are refused."""

    class Samples(SmallHandler):
        protocol_version = "HTTP/1.1"

        def respond(self) -> None:
            parts = urlsplit(self.path)
            file = STATIC / parts.path.removeprefix("/static/")
            if not self.path.startswith(f"{ORIGIN}/"):
                self.answer(403, b"", "text/plain")
            elif parts.path.startswith("/page/"):
                language = parse_qs(parts.query)["language"][0]
                html = render(contexts[parts.path.removeprefix("/page/")], NOW, language)
                self.answer(200, html.encode(), "text/html")
            elif parts.path.startswith("/static/") and file.is_file():
                self.answer(200, file.read_bytes(), mimetypes.guess_type(file)[0] or "application/octet-stream")
            else:
                self.answer(404, b"", "text/plain")

        def end_headers(self) -> None:
            if "/static/" in self.path:
                self.send_header("Cache-Control", "max-age=3600")
            super().end_headers()

    with serving(Samples) as port:
        yield ProxySettings(server=f"http://127.0.0.1:{port}")


def page_address(name: str, language: str = LANGUAGES[0]) -> str:
    """Where a sample page is served in a language."""
    return f"{ORIGIN}/page/{name}?language={language}"
