"""Writes docs/pictures: `make pictures` starts the real system, and a browser uses it as an owner does."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from cli.local.demo import StepPrinter
from cli.local.first_start import DEMO_SITE, prepare, sign_in_link
from cli.local.folder import open_run_folder
from cli.local.programs import Ports
from cli.local.stop_signals import stop_at_signals
from cli.local.system import running_system
from shared.runtime.settings import BrowserSettings

PICTURES = Path(__file__).with_name("pictures")
MESSAGE = 'Change the headline to "Fresh bread from six"'
SCREENS = {"desktop": ViewportSize(width=1280, height=720), "phone": ViewportSize(width=390, height=720)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_WAIT_MILLISECONDS = 120_000
# Chromium refuses its own sandbox to root.
_ARGUMENTS = ["--no-sandbox"] if os.geteuid() == 0 else []


def main() -> None:
    """All pictures anew, from a system of its own that is gone afterwards."""
    stop_at_signals()
    printer = StepPrinter()
    with tempfile.TemporaryDirectory(prefix="pw") as root:
        printer.say("starting the local system")
        with running_system(open_run_folder(Path(root)), Ports.chosen()) as system:
            prepare(system)
            link, site = sign_in_link(system), f"{system.url}/sites/{DEMO_SITE}"
            with _browser() as browser:
                for picture in take_pictures(browser, link, site, PICTURES):
                    printer.say(f"{picture.name}: {picture.stat().st_size:,} bytes")


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        program = BrowserSettings().worker_chromium
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        yield browser
        browser.close()


def take_pictures(browser: Browser, link: str, site: str, folder: Path) -> Iterator[Path]:
    """Sign in with the link, change the site at this address of the UI, and picture chat, preview and publishing."""
    page = browser.new_page(viewport=SCREENS["desktop"])
    page.set_default_timeout(_WAIT_MILLISECONDS)
    page.goto(link)
    page.get_by_role("button", name="Continue to PageWright").click()
    page.goto(site)
    _change(page)
    yield from _pictures(page, "chat", folder)
    page.locator("#publication").get_by_role("link", name="Publish").click()
    page.locator("dialog[open]").get_by_role("button", name="Show this to visitors").wait_for()
    yield from _pictures(page, "publish", folder)
    page.close()


def _change(page: Page) -> None:
    """Ask for the change, and wait until the preview shows it."""
    box = page.get_by_label("What should be changed?")
    box.fill(MESSAGE)
    box.press("Control+Enter")
    headline = MESSAGE.split('"')[1]
    page.frame_locator("#preview iframe:not(.coming)").frame_locator("iframe").get_by_role(
        "heading", name=headline
    ).wait_for()


def _pictures(page: Page, name: str, folder: Path) -> Iterator[Path]:
    """What the page shows now, on each screen and in each scheme."""
    for screen, size in SCREENS.items():
        page.set_viewport_size(size)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            picture = folder / f"{name}-{screen}-{scheme}.png"
            page.screenshot(path=picture, animations="disabled")
            yield picture
    page.set_viewport_size(SCREENS["desktop"])


if __name__ == "__main__":
    main()
