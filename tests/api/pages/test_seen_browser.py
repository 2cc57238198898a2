"""What a version changed for a person, in a real browser: on its card, in its dialog, with and without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.domain.visible_changes import ChangeOf, Region, Verdict, VisibleChange, VisibleChanges
from tests.api.office import Office
from tests.support.api_process import PUBLIC_URL
from tests.support.browser import axe_findings
from tests.support.waiting import wait_until

SCREENS = [(1440, 900, "light"), (390, 844, "dark")]
_BODY = "margin: 0; height: 2400px; background: linear-gradient(white, tan)"
_PAGE = f"<body style='{_BODY}'><h1 style='margin: 0'>Mill Bakery</h1>"
_BOXES = {"before": (0, 900, 1280, 500), "after": (0, 950, 1280, 500)}
ON_HOME: dict[str, object] = {"pages": ("index.html",), "page_count": 1}
SEEN = VisibleChanges(
    changes=(
        VisibleChange(
            of=ChangeOf.TEXT, what="headline", before="Vier", after="Offline", verdict=Verdict.ASKED,
            regions=tuple(
                Region(page="index.html", viewport=viewport, before=(0, 0, 300, 40), after=(0, 0, 200, 40))
                for viewport in ("desktop", "phone")
            ), **ON_HOME,
        ),
        VisibleChange(
            of=ChangeOf.BACKGROUND, what="area", before="rgb(255, 248, 225)", after="rgb(144, 238, 144)",
            verdict=Verdict.UNASKED,
            regions=(Region(page="index.html", viewport="desktop", **_BOXES),),
            **ON_HOME,
        ),
    ),
    total=2,
)  # fmt: skip


def pictures(office: Office) -> dict[str, bytes]:
    """Whole pages as a browser photographs them, at both widths."""

    def take(browser: Browser) -> dict[str, bytes]:
        page = browser.new_page()
        taken = {}
        for viewport, width in (("desktop", 1280), ("phone", 390), ("small", 320)):
            page.set_viewport_size({"width": width, "height": 800})
            page.set_content(_PAGE)
            taken[viewport] = page.screenshot(type="jpeg", full_page=True)
        page.close()
        return taken

    return office.browser(take)


@pytest.fixture(scope="module")
def site(shared_office: Office) -> str:
    """A site whose version 3 is known to look different from version 2, which visitors see, with pictures of both."""
    office, name = shared_office, "seen"
    office.worker.pictures = pictures(office)
    office.worker.seen["Say Offline"] = SEEN
    office.ana.post("sites", json={"name": name, "title": "Bakery", "template": "small-business"})
    for message in ("Begin", "Say Offline"):
        office.ana.post(f"sites/{name}/jobs", json={"message": message})
        office.work()
    office.deployer.wait_for_release(name, 3)
    office.ana.post(f"sites/{name}/deployments", json={"slot": "current", "version": 2})
    return name


def open_at(page: Page, path: str, screen: tuple[int, int, str]) -> None:
    width, height, scheme = screen
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{PUBLIC_URL}{path}")


def look(page: Page, width: int) -> None:
    """Nothing is wider than the screen, and axe-core finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe_findings(page) == []


_ARE_DRAWN = "[...document.querySelectorAll('.before-after image')].every(one => one.getBBox().height > 2000)"


@pytest.mark.parametrize("screen", SCREENS)
def test_the_card_has_words_at_once_and_pictures_on_demand(
    shared_office: Office, site: str, screen: tuple[int, int, str]
) -> None:
    def play(page: Page, _: Office) -> None:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        open_at(page, f"/sites/{site}", screen)
        card = page.locator(".result").last
        expect(card.locator(".unasked").first).to_contain_text("Background: cream → light green")
        expect(card.locator(".told").last).to_contain_text("Headline: “Vier” → “Offline”")
        assert not any("/screenshots/desktop/" in url for url in asked), "pictures of whole pages wait"
        summary, images = card.get_by_text("Before and after"), card.locator(".before-after image")

        summary.focus()
        page.keyboard.press("Enter")

        def shows_pictures() -> bool:
            """Loaded once one sees where they come."""
            card.locator(".before-after > div").evaluate("place => place.scrollIntoView({block: 'center'})")
            return images.count() == 4

        wait_until(shows_pictures, "the pictures are there")
        files = card.locator("details:not([class])")
        files.locator("summary").press("Enter")
        is_open = files.evaluate("one => one.open")
        card.locator(".result-head").evaluate("head => { head.className += ' old'; }")
        page.evaluate("htmx.trigger(document.body, 'settled')")
        expect(page.locator(".old")).to_have_count(0)
        expect(files.locator("summary")).to_be_focused()
        expect(card.locator(".before-after").get_by_role("heading", name="Nobody asked for this")).to_be_visible()
        assert files.evaluate("one => one.open") == is_open, "news of the site open and close nothing"
        wait_until(lambda: page.evaluate(_ARE_DRAWN), "the pictures have the size of whole pages")
        look(page, screen[0])

    shared_office.visit(play)


@pytest.mark.parametrize("screen", SCREENS)
def test_the_dialog_has_words_and_pictures_first(
    shared_office: Office, site: str, screen: tuple[int, int, str]
) -> None:
    def play(page: Page, _: Office) -> None:
        open_at(page, f"/sites/{site}", screen)
        page.locator(".result").last.get_by_role("link", name="Changes").click()
        dialog = page.locator("#dialog")
        expect(dialog.locator(".unasked")).to_contain_text("Background: cream → light green")
        expect(dialog.locator(".crop")).to_have_count(4)
        expect(dialog.locator(".diff").first).to_be_hidden()
        dialog.get_by_text("Technical details").click()
        expect(dialog.locator(".diff").first).to_be_visible()
        look(page, screen[0])
        page.goto(f"{PUBLIC_URL}/sites/{site}/versions/2/changes")
        expect(page.get_by_text("What looks different is not known")).to_be_visible()
        expect(page.locator(".diff").first).to_be_visible()
        look(page, screen[0])

    shared_office.visit(play)


@pytest.mark.parametrize("screen", SCREENS)
def test_versions_show_what_changed_and_the_preview_what_visitors_see(
    shared_office: Office, site: str, screen: tuple[int, int, str]
) -> None:
    def play(page: Page, _: Office) -> None:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        open_at(page, f"/sites/{site}?tab=versions", screen)
        part = page.get_by_role("img", name="Home: Headline: “Vier” → “Offline”")
        expect(part).to_be_visible()
        with page.expect_response(lambda answer: "/live" in answer.url):
            page.evaluate("htmx.trigger(document.body, 'settled')")
        expect(part).to_be_visible()
        assert len([url for url in asked if "/changed-part" in url]) == 1, "it stays when the list comes anew"
        assert not [url for url in asked if "/screenshots/desktop/" in url or "/screenshots/phone/" in url]
        look(page, screen[0])
        page.goto(f"{PUBLIC_URL}/sites/{site}?tab=preview")
        ways = page.get_by_role("navigation", name="What to look at")
        expect(ways.get_by_role("link", name="Newest")).to_have_attribute("aria-current", "true")
        ways.get_by_role("link", name="Visitors see").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Viewing version 2")).to_be_visible()
        expect(ways.get_by_role("link", name="Visitors see")).to_have_attribute("aria-current", "true")
        look(page, screen[0])
        ways.get_by_role("link", name="Newest").click()
        expect(page.get_by_text("Viewing version 2")).to_be_hidden()
        ways.get_by_role("link", name="Compare").click()
        expect(page.get_by_label("Earlier version")).to_have_value("2")

    shared_office.visit(play)


@pytest.mark.parametrize("screen", SCREENS)
def test_who_publishes_sees_what_changes_for_visitors(
    shared_office: Office, site: str, screen: tuple[int, int, str]
) -> None:
    def play(page: Page, _: Office) -> None:
        open_at(page, f"/sites/{site}", screen)
        page.locator(".result").last.get_by_role("link", name="Show to visitors").click()
        dialog = page.locator("dialog[open]")
        expect(dialog.locator(".unasked")).to_contain_text("Background: cream → light green")
        expect(dialog.locator(".told-steps")).to_contain_text("Headline: “Vier” → “Offline”")
        expect(dialog.locator(".told-steps")).not_to_contain_text("Background")
        expect(dialog.locator(".warning")).not_to_contain_text("Background")
        expect(dialog.locator("[data-change=modified]")).to_be_hidden()
        dialog.get_by_text("Before and after").click()
        dialog.locator(".before-after > div").evaluate("place => place.scrollIntoView()")
        expect(dialog.locator(".crop")).to_have_count(4)
        look(page, screen[0])
        dialog.get_by_role("link", name="Compare both versions").click()
        expect(page.get_by_label("Earlier version")).to_have_value("2")
        page.goto(f"{PUBLIC_URL}/sites/{site}/versions/1/publish")
        expect(page.locator(".told-steps")).to_contain_text("What is taken back")
        expect(page.locator(".told-steps")).to_contain_text("Version 2")
        expect(page.locator("[data-change=modified]")).to_be_visible()
        look(page, screen[0])

    shared_office.visit(play)
