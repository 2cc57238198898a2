"""The templates are whole, safe as a site's first tree, accessible, and named in the error for an unknown one."""

import posixpath
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Route

from shared.domain.errors import InvalidInput
from shared.domain.site_templates import instantiate, list_templates
from shared.domain.tree import check_tree, sizes
from tests.support.browser import BrowserThread

NAMES = [template.name for template in list_templates()]
AXE = Path(__file__).parents[3] / "node_modules/axe-core/axe.min.js"
HOSTILE = '<script>alert(1)</script> & "friends"'


class Page(HTMLParser):
    """What a test asks about a page: its links, and how often each tag occurs."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self.links += [value for key in ("href", "src") if (value := attributes.get(key))]
        self.ids |= {value for key, value in attrs if key == "id" and value}


def pages(name: str, title: str = "Mira") -> dict[str, Page]:
    tree = instantiate(name, title)
    return {path: Page(data) for path, data in tree.items() if path.endswith(".html")}


def test_two_templates_have_a_picture() -> None:
    assert NAMES == ["personal-page", "small-business"]
    assert all(template.picture.read_bytes().startswith(b"\xff\xd8") for template in list_templates())


def test_an_unknown_template_is_refused_naming_the_known_ones() -> None:
    with pytest.raises(InvalidInput) as refusal:
        instantiate("../personal-page", "Mira")
    assert all(name in refusal.value.hint for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_tree_may_be_a_site(name: str) -> None:
    tree = instantiate(name, "Mira")
    check_tree(sizes(tree))
    assert {"index.html", "404.html", "css/style.css"} <= tree.keys()


@pytest.mark.parametrize("name", NAMES)
def test_the_title_is_filled_in_and_escaped(name: str) -> None:
    for data in instantiate(name, HOSTILE).values():
        assert b"{{" not in data
        assert b"<script" not in data
    assert b"&lt;script&gt;" in instantiate(name, HOSTILE)["index.html"]


@pytest.mark.parametrize("name", NAMES)
def test_every_internal_link_resolves_and_nothing_comes_from_elsewhere(name: str) -> None:
    tree, parsed = instantiate(name, "Mira"), pages(name)
    for path, page in parsed.items():
        for link in page.links:
            url = urlsplit(link)
            if url.scheme in ("mailto", "tel"):
                continue
            assert not url.scheme and not url.netloc, link
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(path), unquote(url.path))).lstrip("/")
            target = target if url.path else path
            assert target in tree, (path, link)
            assert not url.fragment or url.fragment in parsed[target].ids, (path, link)


@pytest.mark.parametrize("name", NAMES)
def test_each_page_has_what_a_page_needs(name: str) -> None:
    for path, page in pages(name).items():
        tags = [tag for tag, _ in page.tags]
        assert [tags.count(tag) for tag in ("h1", "title", "main", "nav")] == [1, 1, 1, 1], path
        assert "script" not in tags
        assert ("html", {"lang": "en"}) in page.tags
        assert any(tag == "link" and attributes.get("rel") == "icon" for tag, attributes in page.tags)
        assert any(tag == "meta" and attributes.get("name") == "description" for tag, attributes in page.tags)
        assert all("alt" in attributes for tag, attributes in page.tags if tag == "img")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_are_accessible_and_fit_the_screen(name: str, width: int, in_browser: BrowserThread) -> None:
    tree = instantiate(name, "Mira & Sons")

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path.lstrip("/")
        route.fulfill(body=tree[path], content_type=_type(path))

    def play(browser: Browser) -> None:
        page = browser.new_page(viewport={"width": width, "height": 700})
        page.route("**/*", answer)
        for path in [path for path in tree if path.endswith(".html")]:
            page.goto(f"http://site.test/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            if width > 320:
                continue
            page.add_script_tag(path=AXE)
            assert page.evaluate("axe.run().then(result => result.violations.map(one => one.id))") == [], path
        page.close()

    in_browser(play)


def _type(path: str) -> str:
    return {"html": "text/html", "css": "text/css", "svg": "image/svg+xml"}[path.rpartition(".")[2]]
