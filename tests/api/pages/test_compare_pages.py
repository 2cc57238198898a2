"""Two versions of a page beside each other, in a real browser: by slider, side by side and overlaid."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from daemons.api.pages.compare_pages import is_whole, marks
from tests.api.office import Office
from tests.api.pages.test_seen_browser import SCREENS, SEEN, look, open_at, site
from tests.support.api_process import PUBLIC_URL

__all__ = ["site"]


def test_a_page_has_its_own_changes_alone() -> None:
    assert [(mark.before, mark.after) for mark in marks(SEEN, "index.html", "phone")] == [
        ((0, 0, 300, 40), (0, 0, 200, 40)),
        (None, None),
    ]
    assert list(marks(SEEN, "about.html", "desktop")) == []


def test_a_cut_list_does_not_say_that_all_is_told() -> None:
    assert is_whole(SEEN, "about.html")
    wide = SEEN.changes[0].model_copy(update={"page_count": 30})
    for cut in (
        {"total": 3},
        {"changes": (wide, *SEEN.changes[1:])},
        {"unread": ("about.html",), "unread_count": 1},
        {"unread_count": 1},
    ):
        assert not is_whole(SEEN.model_copy(update=cut), "about.html"), cut


@pytest.mark.parametrize("screen", SCREENS)
def test_versions_are_compared_by_hand_and_by_key(
    shared_office: Office, site: str, screen: tuple[int, int, str]
) -> None:
    """The address keeps what is chosen; neighbours have outlines, others say that they have none."""

    def play(page: Page, _: Office) -> None:
        open_at(page, f"/sites/{site}/compare", screen)
        expect(page.get_by_label("Earlier version")).to_have_value("2")
        expect(page.locator(".shot.later img")).to_have_js_property("naturalWidth", 1280)
        expect(page.locator(".shot.later .outline")).to_have_count(2)
        expect(page.locator(".shot.later")).to_have_css("clip-path", "inset(0px 0px 0px 50%)")
        page.get_by_role("slider").focus()
        page.keyboard.press("End")
        expect(page.locator(".shot.later")).to_have_css("clip-path", "inset(0px 0px 0px 0%)")
        look(page, screen[0])
        for number in (1, 2, 1):
            page.keyboard.press("n")
            expect(page.locator("[data-change-told]")).to_contain_text(f"{number}. ")
            expect(page.locator(".shot.later .current")).to_have_attribute("id", f"later-{number}")
        page.get_by_role("link", name="Side by side").click()
        page.get_by_role("link", name="Phone").click()
        page.reload()
        expect(page.locator(".compare")).to_have_attribute("data-way", "side")
        expect(page.locator(".shot.earlier img")).to_have_js_property("naturalWidth", 390)
        look(page, screen[0])
        page.go_back()
        expect(page.locator(".compare")).to_have_attribute("data-width", "desktop")
        page.goto(f"{PUBLIC_URL}/sites/{site}/compare?earlier=1&later=3&page=evil.html&view=overlay")
        expect(page.get_by_text("only some pages are photographed").first).to_be_visible()
        expect(page.get_by_text("Changes are outlined only between")).to_be_visible()
        expect(page.get_by_role("link", name="Open the page")).to_have_count(2)
        look(page, screen[0])

    shared_office.visit(play)


@pytest.mark.parametrize("screen", SCREENS)
def test_without_javascript_both_pictures_stand_with_their_outlines(
    shared_office: Office, site: str, screen: tuple[int, int, str]
) -> None:
    def play(page: Page, _: Office) -> None:
        browser = page.context.browser
        assert isinstance(browser, Browser)
        known = page.context.storage_state()
        plain = browser.new_context(java_script_enabled=False, storage_state=known).new_page()
        open_at(plain, f"/sites/{site}?tab=preview", screen)
        plain.get_by_role("link", name="Visitors see").click()
        expect(plain.get_by_role("link", name="Visitors see")).to_have_attribute("aria-current", "true")
        expect(plain.get_by_text("Viewing version 2")).to_be_visible()
        open_at(plain, f"/sites/{site}", screen)
        card = plain.locator(".result").last
        expect(card.locator(".unasked")).to_contain_text("Background: cream → light green")
        expect(card.get_by_role("button", name="Keep only what I asked for")).to_be_visible()
        expect(card.get_by_text("Before and after")).to_be_hidden()
        card.get_by_role("link", name="Changes").click()
        expect(plain.locator(".crop")).to_have_count(4)
        plain.go_back()
        card.get_by_role("link", name="Show to visitors").click()
        expect(plain.locator(".unasked")).to_contain_text("Background: cream → light green")
        expect(plain.locator(".told-steps")).to_contain_text("Headline: “Vier” → “Offline”")
        expect(plain.get_by_text("Before and after")).to_be_hidden()
        plain.get_by_role("link", name="Compare both versions in pictures").click()
        expect(plain.locator(".shot img")).to_have_count(2)
        open_at(plain, f"/sites/{site}/compare?view=slider&width=phone", screen)
        for side in ("earlier", "later"):
            expect(plain.locator(f".shot.{side}")).to_have_css("clip-path", "none")
            expect(plain.locator(f".shot.{side} .outline")).to_have_count(1)
        for script_alone in ("Overlay", "Next change", "How much of the later version is shown"):
            expect(plain.get_by_text(script_alone)).to_be_hidden()
        plain.get_by_role("link", name="Headline").click()
        expect(plain).to_have_url(re.compile("#later-1$"))
        plain.get_by_label("Later version", exact=True).fill("2")
        plain.get_by_label("Earlier version").fill("3")
        plain.get_by_role("button", name="Show").click()
        expect(plain.get_by_label("Earlier version")).to_have_value("2")
        expect(plain.locator(".shot")).to_have_count(2)

    shared_office.visit(play)
