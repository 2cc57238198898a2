"""The addresses of pages: what is in them is quoted, and each leads to a route of the api."""

import inspect
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.routing import compile_path

from daemons.api.json_routes import OPERATIONS
from daemons.api.json_routes.operation import PREFIX
from daemons.api.pages import PAGES
from htmx_ui import links
from htmx_ui.site_list_parts import SiteFilter

_VALUES = {"name": "bakery", "job_id": "0" * 28, "version": 3, "before": 3, "page": "a b.html", "viewport": "phone"}
_VALUES |= {"token": "pw-link-x", "after": "a&b", "key": "k", "before_job": "0" * 28, "asked": SiteFilter()}
_LINKS = [
    function for _, function in inspect.getmembers(links, inspect.isfunction) if function.__module__ == links.__name__
]
_PATHS = [*(page.path for page in PAGES), *(PREFIX + operation.path for operation in OPERATIONS)]


@pytest.mark.parametrize("link", _LINKS, ids=lambda link: link.__name__)
def test_every_address_has_a_route(link: Callable[..., str]) -> None:
    asked = inspect.signature(link).parameters.values()
    needed = [one.name for one in asked if one.default is one.empty and one.kind is not one.VAR_KEYWORD]
    address = link(*(_VALUES[name] for name in needed))
    assert any(compile_path(path)[0].match(urlsplit(address).path) for path in _PATHS), address


def test_a_page_of_a_site_says_what_is_to_be_seen() -> None:
    assert links.site("bakery") == "/sites/bakery"
    assert links.site("bakery", version=3, tab="versions") == "/sites/bakery?version=3&tab=versions"
    assert links.site("bakery", notice="published") == "/sites/bakery?notice=published"


def test_what_is_written_by_people_is_quoted() -> None:
    assert parse_qs(urlsplit(links.sites(SiteFilter("a&b=ü", waiting=True), after="x")).query) == {
        "q": ["a&b=ü"],
        "waiting": ["yes"],
        "after": ["x"],
    }
    assert links.sites(SiteFilter()) == links.SITES
    assert links.picture("bakery", 3, "über uns?.html", "phone").endswith("/phone/%C3%BCber%20uns%3F.html")
