"""A person in a browser with the whole system: signs in by the printed link, makes a site, changes it, publishes it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import BrowserThread
from tests.support.local_system import LocalSystem

pytestmark = pytest.mark.xdist_group("practice-system")
LONG = 120_000


def test_from_the_link_to_visitors_and_back(local_system: LocalSystem, in_browser: BrowserThread) -> None:
    def play(browser: Browser) -> None:
        expect.set_options(timeout=LONG)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(LONG)
        page.goto(local_system.sign_in_link)
        page.get_by_role("button", name="Continue to PageWright").click()
        _make_site(page)
        _ask_and_watch(page)
        assert "Bread at six" in local_system.page("preview--corner-bakery")
        _publish(page, "version 2")
        assert "Bread at six" in local_system.page("corner-bakery")
        _roll_back(page)
        assert "Bread at six" not in local_system.page("corner-bakery")

    in_browser(play)


def _make_site(page: Page) -> None:
    page.get_by_role("link", name="New site").click()
    page.get_by_label("What is it called?").fill("Corner Bakery")
    expect(page.locator("input[name=name]")).to_have_value("corner-bakery")
    page.get_by_role("button", name="Create site").click()
    expect(page.get_by_text("Your site is ready.")).to_be_visible()
    _publish(page, "version 1")


def _ask_and_watch(page: Page) -> None:
    box = page.get_by_label("What should be changed?")
    box.fill('Change the headline to "Bread at six"')
    box.press("Control+Enter")
    expect(page.locator(".working")).to_be_visible()
    expect(page.get_by_text("Changed the headline of index.html").first).to_be_visible()
    expect(
        page.frame_locator("#preview iframe:not(.coming)")
        .frame_locator("iframe")
        .get_by_role("heading", name="Bread at six")
    ).to_be_visible()


def _publish(page: Page, version: str) -> None:
    page.get_by_role("link", name="Publish", exact=False).first.click()
    expect(page.locator("dialog[open]")).to_contain_text(f"Show {version} to visitors?")
    page.locator("dialog").get_by_role("button", name="Show this to visitors").click()
    expect(page.locator(".published")).to_be_visible()


def _roll_back(page: Page) -> None:
    page.locator(".tab[data-tab=versions]").click()
    page.locator("#versions").get_by_role("link", name="Show this to visitors").last.click()
    page.locator("dialog").get_by_role("button", name="Show this to visitors").click()
    expect(page.locator("#publication")).to_contain_text("version 1")
