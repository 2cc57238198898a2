"""The system's headless Chromium, driven in a thread of its own.

Playwright's plain interface keeps an event loop running in its thread, in which no test could call `asyncio.run` any
more. So a test hands over a function: `in_browser(play)` runs `play(browser)` in that thread and gives what it gives.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

T = TypeVar("T")

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
CHROMIUM = Path("/usr/bin/chromium-headless-shell")
# Chromium refuses its own sandbox to root.
_ARGUMENTS = ["--no-sandbox"] if os.geteuid() == 0 else []


def axe_findings(page: Page) -> list[str]:
    """What axe-core finds in a page, whatever its policy says of scripts; what frames hold is left out."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(
        "axe.run(document, {iframes: false, resultTypes: ['violations'], selectors: false}).then("
        "result => result.violations.map("
        "one => one.id + ' ' + one.nodes.map(node => node.html).join(' ')))"
    )
    return found


class BrowserThread:
    """Runs functions that play with a browser, one after the other."""

    def __init__(self, executor: ThreadPoolExecutor) -> None:
        self._executor = executor
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def __call__(self, play: Callable[[Browser], T], arguments: Sequence[str] = ()) -> T:
        """What `play` gives; with `arguments` for Chromium it gets a browser of its own."""
        return self._executor.submit(self._play, play, arguments).result()

    def _play(self, play: Callable[[Browser], T], arguments: Sequence[str]) -> T:
        self._playwright = self._playwright or sync_playwright().start()
        if arguments:
            with self._launched(self._playwright, arguments) as browser:
                return play(browser)
        self._browser = self._browser or self._playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        return play(self._browser)

    @contextmanager
    def _launched(self, playwright: Playwright, arguments: Sequence[str]) -> Iterator[Browser]:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_ARGUMENTS, *arguments])
        try:
            yield browser
        finally:
            browser.close()

    def close(self) -> None:
        """End everything that was started."""
        self._executor.submit(self._close).result()

    def _close(self) -> None:
        if self._browser:
            self._browser.close()
        if self._playwright:
            self._playwright.stop()


@pytest.fixture(scope="session")
def in_browser() -> Iterator[BrowserThread]:
    """Runs a function with a browser, shared by all tests of this process."""
    with ThreadPoolExecutor(1) as executor:
        thread = BrowserThread(executor)
        try:
            yield thread
        finally:
            thread.close()
