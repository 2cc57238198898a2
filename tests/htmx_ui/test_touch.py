"""What is to be tapped on a phone is large enough for a finger: 44 pixels, but for links within a sentence."""

from playwright.sync_api import Browser

from tests.htmx_ui.samples import PAGES
from tests.htmx_ui.served import page_address, served
from tests.support.browser import BrowserThread

# What is drawn smaller and reached through something larger around it is measured by that.
SMALL_TARGETS = """
() => {
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length;
  const inSentence = (element) => element.matches('p a') && getComputedStyle(element).display === 'inline';
  const target = (element) => element.closest('.site-card .stretch') ? element.closest('.site-card')
    : element.matches('input[type=checkbox], input[type=radio]') ? element.closest('label') : element;
  return [...document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden])')]
    .filter((element) => seen(element) && !element.disabled && !element.matches('.skip') && !inSentence(element))
    .map((element) => [target(element), target(element).getBoundingClientRect()])
    .filter(([, box]) => box.width < 43.5 || box.height < 43.5)
    .map(([element, box]) => `${element.outerHTML.slice(0, 90)} ${Math.round(box.width)}x${Math.round(box.height)}`);
}
"""


def test_what_is_tapped_on_a_phone_is_large_enough(in_browser: BrowserThread) -> None:
    def play(browser: Browser) -> None:
        page = browser.new_page(viewport={"width": 390, "height": 844}, proxy=proxy)
        small = []
        for name in PAGES:
            page.goto(page_address(name), wait_until="domcontentloaded")
            small += [f"{name}: {target}" for target in page.evaluate(SMALL_TARGETS)]
        page.close()
        assert small == []

    with served(PAGES) as proxy:
        in_browser(play)
