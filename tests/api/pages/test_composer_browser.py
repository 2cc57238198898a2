"""The composer in a real browser, on a desktop and on a phone: what is typed, sent, refused, kept, and told."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.api.office import SITE, Office
from tests.support.api_process import PUBLIC_URL

SCREENS = ({"width": 1440, "height": 900}, {"width": 390, "height": 844})
BOX = "#message:not([aria-busy])"
LOOK_AWAY = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
TELL = "document.dispatchEvent(new Event('visibilitychange'))"


def test_what_is_typed_wraps_is_counted_and_sent_by_enter(office: Office) -> None:
    def play(page: Page, office: Office) -> None:
        page.goto(SITE)
        for screen in SCREENS:
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            _type_and_send(page, f"at {screen['width']}")
        _paste_too_much(page)
        _echo_at_once(page)
        _tell_the_end_once(page, office)

    office.visit(play)


def _type_and_send(page: Page, mark: str) -> None:
    box = page.locator(BOX)
    box.fill("https://example.org/" + "x" * 90)
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")
    expect(page.get_by_text("Enter sends, Shift + Enter: new line")).to_be_in_viewport(ratio=1)
    box.fill("")
    page.keyboard.type(f"First line {mark}")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    composing = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})"
    assert page.evaluate(f"document.activeElement.dispatchEvent({composing})")
    expect(box).to_have_value(f"First line {mark}\nsecond line")
    page.keyboard.press("Enter")
    expect(box).to_have_value("")
    expect(page.locator("#thread").get_by_text(f"First line {mark}")).to_be_visible()
    expect(box).to_be_focused()


def _paste_too_much(page: Page) -> None:
    box, text = page.locator(BOX), "y" * 25_000
    box.fill(text)
    expect(page.get_by_text("5,000 characters did not fit")).to_be_visible()
    before = page.locator(".turn").count()
    page.keyboard.press("Enter")
    expect(box).to_have_value(text)
    assert page.locator(".turn").count() == before
    box.fill("")


def _echo_at_once(page: Page) -> None:
    """With two seconds of latency, and while nothing can be reached."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 2000, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", slow)
    page.locator(BOX).fill("Slowly")
    page.keyboard.press("Enter")
    expect(page.locator("#unsent").get_by_text("Slowly")).to_be_visible(timeout=1000)
    expect(page.locator("#unsent").get_by_text("Sending…")).to_be_visible(timeout=1000)
    _is_taken(page, "Slowly")
    network.send("Network.emulateNetworkConditions", slow | {"offline": True})
    page.locator(BOX).fill("Nobody hears")
    page.keyboard.press("Enter")
    expect(page.locator("[data-composer-state]")).to_contain_text("Not sent")
    expect(page.locator(BOX)).to_have_value("Nobody hears")
    network.send("Network.emulateNetworkConditions", slow | {"latency": 0})
    page.locator("[data-composer-state]").get_by_role("button", name="Try again").click()
    _is_taken(page, "Nobody hears")


def _is_taken(page: Page, text: str) -> None:
    """It is no longer on its way, and stands in the chat of a page that is loaded now."""
    expect(page.locator("#unsent .unsent")).to_have_count(0)
    page.reload()
    expect(page.locator("#thread").get_by_text(text)).to_be_visible()


def _tell_the_end_once(page: Page, office: Office) -> None:
    told = page.locator("[data-announce]")
    title = page.title()
    page.evaluate(LOOK_AWAY % "true" + TELL)
    office.work()
    expect(told).to_contain_text("Changed")
    expect(page).to_have_title(re.compile("^Changed · "))
    page.evaluate(LOOK_AWAY % "false" + TELL)
    expect(page).to_have_title(title)
    assert page.locator("#thread").get_attribute("aria-live") == "off"


def test_who_signs_in_again_is_back_with_the_draft_and_nobody_else_sees_it(office: Office) -> None:
    office.api.user("ben@example.org")

    def play(page: Page, office: Office) -> None:
        address = f"{SITE}?version=1&tab=chat"
        page.goto(address)
        page.locator(BOX).fill("Only mine")
        page.context.clear_cookies()
        page.keyboard.press("Enter")
        # Whatever part of the page asks meanwhile is sent there, too, and takes the place of the first time.
        expect(page).to_have_url(re.compile(r"/sign-in\?"))
        page.wait_for_load_state("networkidle")
        _sign_in(page, office, "ben@example.org")
        assert "Only mine" not in page.content()
        page.context.clear_cookies()
        page.goto(address)
        page.wait_for_url("**/sign-in?**")
        _sign_in(page, office, "ana@example.org")
        assert "version=1" in page.url
        expect(page.locator(BOX)).to_have_value("Only mine")

    office.visit(play)


def _sign_in(page: Page, office: Office, email: str) -> None:
    page.goto(office.api.sign_in_link(email))
    page.get_by_role("button", name="Continue to PageWright").click()
    page.wait_for_url("**/sites**")


def test_the_main_job_by_keyboard_alone_and_without_javascript(office: Office) -> None:
    def play(page: Page, office: Office) -> None:
        page.goto(SITE)
        expect(page.locator(BOX)).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the message box")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(BOX)).to_be_focused()
        page.keyboard.type("By keyboard")
        page.keyboard.press("Enter")
        expect(page.locator(".working")).to_be_visible()
        office.work()
        expect(page.get_by_text("Done: By keyboard", exact=True)).to_be_visible()
        expect(page.locator(BOX)).to_be_focused()
        publish = page.locator("#publication .primary")
        # A link that has just come leads to a page of its own until htmx knows it.
        page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
        publish.focus()
        page.keyboard.press("Enter")
        expect(page.locator("dialog[open]")).to_be_visible()
        page.keyboard.press("Escape")
        expect(publish).to_be_focused()
        assert page.context.browser
        _without_javascript(page.context.browser, office)

    office.visit(play)


def _without_javascript(browser: Browser, office: Office) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    _sign_in(page, office, "ana@example.org")
    page.goto(SITE)
    page.locator("#message").fill("Plainly")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".working")).to_be_visible()
    page.locator("#message").fill("Half a sentence")
    office.work()
    page.get_by_role("button", name="See what is new").click()
    expect(page.get_by_text("Done: Plainly", exact=True)).to_be_visible()
    expect(page.locator("#message")).to_have_value("Half a sentence")
    page.locator("#message").fill("z" * 20_001)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("1 character did not fit")).to_be_visible()
    expect(page.locator("#message")).to_have_value("z" * 20_001)
    assert page.url.startswith(PUBLIC_URL)
