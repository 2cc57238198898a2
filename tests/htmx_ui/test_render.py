"""Every page and fragment renders from its context, is well formed, and shows hostile text as text."""

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError
from playwright.sync_api import Browser
from pydantic import BaseModel

from htmx_ui.contexts import Context
from htmx_ui.languages import LANGUAGES
from htmx_ui.render import render
from htmx_ui.status_parts import Tile
from shared.domain.manifest import Changes
from tests.htmx_ui.samples import FRAGMENTS, NEW_SITE, NOW, PAGES, VERSIONS, change, site, status, turn
from tests.htmx_ui.served import page_address, served
from tests.support.browser import BrowserThread, axe_findings

ROOT = Path(__file__).parents[2]
HOSTILE = "</title></p><img src=x onerror=alert(1)>\"' {{ 7 * 7 }} javascript:alert(1)"
ALL = PAGES | FRAGMENTS
# One of each kind: axe-core takes its time.
LOOKED_AT = (
    "sign-in-wrong forgotten-password account error-404 sites sites-groups sites-arranging sites-empty"
    " new-site-error site-first site-running site-failed site-unchanged site-versions site-old site-late"
    " publish-no-home-page publish-failed publish-told publish-told-long rollback"
    " changes status status-down status-long"
    " compare compare-not changes-seen site-seen"
    " sites-deleted settings-wrong new-site-template site-unmade-wrong sites-arranging-wrong"
).split()
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_SHAPES = frozenset("path rect circle".split())


class Structure(HTMLParser):
    """Tags that open and close in order, and every attribute."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, Mapping[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice: {attrs}"
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _SHAPES
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def count(self, tag: str) -> int:
        return [name for name, _ in self.tags].count(tag)


def structure(context: Context) -> Structure:
    return Structure(render(context, NOW))


def test_each_page_says_which_language_it_speaks() -> None:
    for language in LANGUAGES:
        assert ("html", {"lang": language}) in Structure(render(PAGES["sign-in"], NOW, language)).tags


def words(context: Context) -> str:
    return " ".join(" ".join(structure(context).text).split())


def test_what_is_cut_says_how_many_there_were() -> None:
    """A check that was cut when it was kept, files, lines of a file, pages and problems, earlier requests."""
    failed = words(PAGES["site-failed"])
    assert "at least 7 new problems" in failed
    assert "and 2 more 1,481 problems of this version are counted and not listed." in failed
    assert "1,210 earlier messages" in failed
    changes = words(PAGES["changes"])
    assert "And 4,997 more files: 5,000 files changed in all." in changes
    assert "And 1,210 more lines." in changes
    assert "+201" in changes
    paths = tuple(change(f"page{number}.html", "added") for number in range(1200))
    large = dataclasses.replace(VERSIONS[0], files=Changes(added=paths))
    assert "1,200 pages changed · no problems found" in words(site(turns=(turn(1, "More", version=large),)))
    assert "page19.html new and 1,180 more files" in words(site(turns=(turn(1, "More", version=large),)))
    lost = words(PAGES["rollback"])
    assert "and 12 more pages" in lost
    assert "12 pictures" in lost
    assert "Changes of 7 more pages are not listed." in lost
    assert "and 2 more 1,481 problems of this version are counted and not listed." in words(PAGES["publish-failed"])


def test_who_publishes_reads_what_visitors_will_see_and_what_warns() -> None:
    asked = words(PAGES["publish-no-home-page"])
    assert "no such page: this version has no home page. Show it to visitors all the same" in asked
    assert "Well done: 1 problem is gone." in words(PAGES["publish-failed"])
    assert "1 old problem comes back" in words(PAGES["rollback"])
    assert "nobody knows what changes for them" in words(PAGES["publish-unread"])


def test_who_publishes_reads_what_changes_version_by_version() -> None:
    told = words(PAGES["publish-told-long"])
    order = ["Nobody asked for this", "What changes for visitors", "Version 5", "Version 2", "What is taken back"]
    places = [told.index(text) for text in (*order, "Version 3", "What versions 6 to 9 changed is not listed here.")]
    assert places == sorted(places)
    assert (
        "Version 4" not in words(PAGES["publish-told"]).split("What changes for visitors")[1].split("Compare both")[0]
    )


def test_the_list_of_sites_asks_no_web_server_and_so_calls_nothing_published() -> None:
    page = words(PAGES["sites"])
    assert "Version 3 is for visitors" in page
    assert "Published" not in page


def test_what_no_web_server_shows_is_not_called_published() -> None:
    page = words(PAGES["site-late"])
    assert "version 3 is not shown yet" in page
    assert "Publish again" in page
    assert "Published" not in page
    assert "Published" in words(PAGES["site-versions"])
    assert "The web server does not show version 5 yet: its disk is full. This is how it looks." in page
    asked = words(PAGES["publish-late"])
    assert "its disk is full. Showing it again lets the web server look again." in asked
    assert "see version 3 now" not in asked


def test_what_was_taken_back_from_visitors_is_not_offered_again() -> None:
    page = words(PAGES["site-withdrawn"])
    assert "Visitors see 3 ; newer drafts wait" in page
    assert 'href="/sites/miras-bakery/versions/5/publish"' not in render(PAGES["site-withdrawn"]).split("<main")[0]
    assert "Undo Published" in words(PAGES["site-undo"])
    assert "undo-publication" not in render(PAGES["site-published"])


def test_who_works_on_an_older_version_is_told_before_and_after() -> None:
    old = words(PAGES["site-old"])
    assert "Continue from version 3 , without the changes of versions 4 and 5 Back to the newest" in old
    lacking = words(PAGES["site-lacking"])
    assert "Made from version 3. It does not have the changes of versions 4 and 5." in lacking
    assert "1 file changed · no problems found" in lacking
    assert "Ask again, from the newest version" in lacking


def test_the_status_claims_no_more_than_was_seen() -> None:
    assert "Everything is up" in words(PAGES["status"])
    unsure = words(status(tiles=(Tile("Sites", "3"), Tile("Last backup", None, "not set up"))))
    assert "Nothing wrong was seen Not known: Last backup (not set up)" in unsure
    assert "Everything is up" not in unsure


@pytest.mark.parametrize("name", ALL)
def test_it_is_well_formed_without_inline_script_or_style(name: str) -> None:
    page = structure(ALL[name])
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in page.tags:
        assert not any(key.startswith("on") or key == "style" for key in attributes), (tag, attributes)
        assert not any(key.startswith(("hx-on", "hx-vals")) for key in attributes)
        assert tag != "style"
        assert tag != "script" or set(attributes) in ({"src", "defer"}, {"src", "type"})
        assert not (attributes.get("src") or "").startswith(("//", "data:"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_what_a_page_needs(name: str) -> None:
    page = structure(PAGES[name])
    assert ("html", {"lang": "en"}) in page.tags
    assert [page.count(tag) for tag in ("title", "h1", "main")] == [1, 1, 1]
    controls = [attributes for tag, attributes in page.tags if tag == "button"]
    assert all(attributes.get("type") in ("submit", "button") for attributes in controls)


@pytest.mark.parametrize("name", ALL)
def test_hostile_text_stays_text(name: str) -> None:
    """Titles, messages, file names, findings: whatever they say, a page has the same tags with the same attributes."""
    harmless, attacked = (structure(_replaced(ALL[name], text)) for text in ("harmless", HOSTILE))
    assert [(tag, list(attributes)) for tag, attributes in attacked.tags] == [
        (tag, list(attributes)) for tag, attributes in harmless.tags
    ]
    assert "49" not in "".join(attacked.text)


@pytest.mark.parametrize("name", ["turn", "versions", "publish-dialog", "changes-dialog", "live", "status-body"])
def test_a_fragment_is_no_whole_page(name: str) -> None:
    assert structure(FRAGMENTS[name]).count("html") == 0


def test_a_job_that_changed_nothing_says_so_before_the_agent_speaks() -> None:
    """Once, and the agent's words as its own; also under a failure."""
    text = " ".join("".join(structure(PAGES["site-unchanged"]).text).split())
    assert "Nothing was changed. The agent says:There are four pages" in text
    assert "none of the agent’s 3 steps worked. Ask once more in other words. The agent says:Done, I changed" in text
    assert text.count("Nothing was changed.") == 1


def test_a_name_that_no_context_has_is_an_error() -> None:
    page = dataclasses.replace(NEW_SITE)
    object.__delattr__(page, "upload_limit")
    with pytest.raises(UndefinedError):
        render(page, NOW)


@pytest.mark.parametrize(("width", "scheme", "language"), [(320, "dark", "de"), (1440, "light", "en")])
def test_pages_are_accessible_and_fit_the_screen(
    width: int, scheme: str, language: str, in_browser: BrowserThread
) -> None:
    """On a phone in dark and on a desktop in light colours; axe-core finds nothing. German words are longer."""

    def play(browser: Browser) -> None:
        screen = {"width": width, "height": 844}
        page = browser.new_page(viewport=screen, color_scheme=scheme, proxy=proxy)  # type: ignore[arg-type]
        for name in LOOKED_AT:
            page.goto(page_address(name, language), wait_until="domcontentloaded")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            assert axe_findings(page) == [], name
        page.close()

    with served(PAGES) as proxy:
        in_browser(play)


def test_times_are_told_in_the_viewers_language_and_zone(in_browser: BrowserThread) -> None:
    """Without a script they are in UTC, and say so."""
    read = "[...document.querySelectorAll('#versions time')].map(time => [time.textContent, time.title])"

    def play(browser: Browser) -> None:
        for language, locale, zone, relative, absolute in (
            ("de", "de-AT", "Europe/Vienna", "vor 1 Stunde", "23. November 2026 um 14:56:00 MEZ"),
            ("en", "en-GB", "Asia/Tokyo", "1 hour ago", "23 November 2026 at 22:56:00 GMT+9"),
        ):
            page = browser.new_page(locale=locale, timezone_id=zone, proxy=proxy)
            page.clock.set_fixed_time(NOW + timedelta(minutes=1))
            page.goto(page_address("site-versions", language))
            assert page.evaluate(read)[0] == [relative, absolute]
            page.close()
        plain = browser.new_page(java_script_enabled=False, proxy=proxy)
        plain.goto(page_address("site-versions", "de"))
        moment = plain.locator("#versions time").first
        assert (moment.inner_text(), moment.get_attribute("title")) == ("vor 1 Stunde", "23. November 2026, 13:56 UTC")
        plain.close()

    with served(PAGES) as proxy:
        in_browser(play)


def _replaced(value: Any, text: str) -> Any:  # noqa: ANN401
    """The value with every text in it, however deep, replaced; states and kinds stay."""
    if type(value) is str:
        return text
    if isinstance(value, tuple):
        return tuple(_replaced(item, text) for item in value)
    if isinstance(value, BaseModel):
        names = type(value).model_fields
        return type(value).model_construct(**{name: _replaced(getattr(value, name), text) for name in names})
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return dataclasses.replace(value, **{name: _replaced(getattr(value, name), text) for name in names})
    return value


def test_a_site_that_was_taken_down_can_be_shown_again() -> None:
    """For ten minutes at once, later after the question; a newer version is offered beside it."""
    down = render(PAGES["site-down"]).split("<main")[0]
    assert "Visitors see nothing. Version 3 was taken down 2 days ago" in words(PAGES["site-down"])
    assert 'href="/sites/miras-bakery/versions/3/publish"' in down
    assert 'href="/sites/miras-bakery/versions/5/publish"' in down
    just = render(PAGES["site-just-down"]).split("<main")[0]
    assert 'action="/sites/miras-bakery/undo-publication"' in just
    assert 'name="expected" value="0"' in just
    assert "/publish" not in just, "the newest is the one that was taken down"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("Mended by itself: 1", "index.html: the link /menu.html leads nowhere")),
        ("de", ("Von selbst behoben: 1", "index.html: der Link /menu.html führt nirgendwohin")),
    ],
)
def test_a_card_says_what_was_mended_by_itself(language: str, told: tuple[str, str]) -> None:
    html = render(PAGES["site-seen"], NOW, language)
    assert [words in html for words in told] == [True, True]
