"""Looks at one page after the other in a tab of the browser; runs inside the sandbox.

Reusing a tab is faster than opening one. So clear what a page leaves behind for the next: storage, cookies, service
workers, open windows. After a number of pages, and after one that failed, open a new tab instead.
"""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.async_api import Browser, BrowserContext, CDPSession, Page
from playwright.async_api import Error as BrowserError

from daemons.worker.checks.block_reader import BlockReader
from daemons.worker.checks.cutting import clean, without_origin
from daemons.worker.checks.isolated_world import PageGone, evaluate
from daemons.worker.checks.page_audit import add_wide_elements, audit
from daemons.worker.checks.page_axe import barriers
from daemons.worker.checks.page_listener import PageListener
from daemons.worker.checks.page_pictures import VIEWPORTS, PagePictures, as_on_a_phone
from daemons.worker.checks.page_script import LIMITS, SCRIPT, observed

# With the same random numbers at each load, a page that draws a quote or a picture draws the same one.
_SAME_RANDOM_NUMBERS = """{
    let state = 1;
    const next = () => state = state * 16807 % 2147483647;
    Math.random = () => next() / 2147483647;
    Crypto.prototype.getRandomValues = array => {
        const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
        for (let i = 0; i < bytes.length; i++) bytes[i] = next();
        return array;
    };
    Crypto.prototype.randomUUID = () => '10000000-1000-4000-8000-100000000000'.replace(/[018]/g,
        digit => (digit ^ next() & 15 >> digit / 4).toString(16));
}"""
_SETTLE = Path(__file__).with_name("settle.js").read_text(encoding="utf-8")
_LOAD_MILLISECONDS = 15_000
_SHOWN_MILLISECONDS = 2_000
_MOST_SCREENS = 10  # as many as a picture shows at a desk
_SETTLE_SECONDS = 1.0
_PAUSES = (0.1, 0.2, 0.4, 0.8)
_PAGE_SECONDS = 40.0  # for loading, looking and three pictures
_CLOSE_SECONDS = 5.0
_CLEAR_SECONDS = 5.0
_PAGES_OF_A_TAB = 25


class Tab:
    """One tab at the site's `origin`; the first look opens it."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self._browser = browser
        self._origin = origin
        self._context: BrowserContext | None = None
        self._session: CDPSession
        self._pages = 0

    async def observe(self, path: str, shot: str | None, seconds: float, *, axe: str | None = "") -> dict[str, Any]:
        """Look at a page and return a PageObservation, with its blocks as they were read.

        With `shot`, take pictures under that name too. `axe` is the text of axe-core, empty to audit the page without
        it, None not to audit it.
        """
        seen: dict[str, Any] = {"path": path}
        listener = PageListener(self._origin)
        try:
            async with asyncio.timeout(min(seconds, _PAGE_SECONDS)):
                page = await self._open()
                listener.listen(page.context)
                problem = await self._load(page, path)
                if problem is None:
                    seen |= await self._look(page, listener, shot, axe)
                elif problem:
                    seen["error"] = clean(f"the page did not load: {problem}")
        except TimeoutError:
            seen["unseen"] = "the page kept the browser busy until its time was up"
        except (BrowserError, TypeError, ValueError, LookupError, AttributeError) as error:
            seen["unseen"] = clean(f"the browser could not look at the page: {self._reason(error)}")
        listener.stop()
        await self._clear(keep="unseen" not in seen and "error" not in seen)
        return seen | listener.report()

    async def close(self) -> None:
        """Close the tab; leave it open if it can't be closed."""
        context, self._context = self._context, None
        if context:
            try:
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await context.close()
            except (TimeoutError, BrowserError):
                return

    async def _open(self) -> Page:
        if not self._context:
            width, height = VIEWPORTS["desktop"]
            self._context = await self._browser.new_context(
                viewport={"width": width, "height": height}, reduced_motion="reduce", accept_downloads=False
            )
            self._pages = 0
            await self._context.add_init_script(_SAME_RANDOM_NUMBERS)
            page = await self._context.new_page()
            self._session = await self._context.new_cdp_session(page)
            return page
        return self._context.pages[0]

    async def _load(self, page: Page, path: str) -> str | None:
        """Load the page. Return what went wrong, None if it loaded, "" if the browser would download it instead."""
        try:
            await page.goto(f"{self._origin}/{quote(path)}", wait_until="load", timeout=_LOAD_MILLISECONDS)
        except BrowserError as error:
            if "is interrupted by another navigation" in error.message:
                await page.wait_for_load_state("load", timeout=_LOAD_MILLISECONDS)  # the page redirects by a script
            elif "Download is starting" in error.message:
                return ""
            else:
                return self._reason(error)
        return None

    async def _look(self, page: Page, listener: PageListener, shot: str | None, axe: str | None) -> dict[str, Any]:
        """What is on the page. No retry: waits for one that is empty, because a script may fill it or redirect."""
        for pause in (*_PAUSES, None):
            await listener.settle(_SETTLE_SECONDS)
            try:
                seen = observed(await evaluate(self._session, SCRIPT, [self._origin, LIMITS]), self._origin)
            except PageGone:
                await page.wait_for_load_state("load", timeout=_LOAD_MILLISECONDS)
                continue
            if seen["text"] or seen["media"] or pause is None:
                break
            await asyncio.sleep(pause)
        await self._wait_until_shown()
        reader = BlockReader(self._session, self._origin)
        blocks = await reader.read()
        audited = None if axe is None else await audit(self._session, self._origin)
        if audited and axe:
            audited["barriers"] = await barriers(self._session, axe)
        pictures = PagePictures(page, self._session, shot) if shot else None
        if pictures:
            await pictures.small()
            await pictures.whole("desktop")
        async with as_on_a_phone(page):
            await self._wait_until_shown()
            await reader.add_phone_boxes(blocks)
            if pictures:
                await pictures.whole("phone")
            await add_wide_elements(audited, page, self._session, self._origin)
        shown = {"audit": audited, "blocks": blocks}
        return seen | shown | ({"screenshots": pictures.taken} if pictures else {})

    async def _wait_until_shown(self) -> None:
        """Wait for fonts and for all pictures of the page, also those that it would load when scrolled to."""
        try:
            await evaluate(self._session, _SETTLE, _SHOWN_MILLISECONDS, _MOST_SCREENS)
        except (BrowserError, PageGone):
            return

    async def _clear(self, *, keep: bool) -> None:
        """Clear the tab for the next page; close it if that fails."""
        self._pages += 1
        if not keep or self._pages >= _PAGES_OF_A_TAB or not self._context:
            return await self.close()
        try:
            async with asyncio.timeout(_CLEAR_SECONDS):
                await self._clear_storage(self._context)
        except (TimeoutError, BrowserError):
            await self.close()

    async def _clear_storage(self, context: BrowserContext) -> None:
        page, *others = context.pages
        for other in others:
            await other.close()
        storage = {"securityOrigin": self._origin, "isLocalStorage": False}
        await self._session.send("DOMStorage.clear", {"storageId": storage})
        await page.goto("about:blank", wait_until="commit")
        await page.evaluate("window.name = ''")
        await self._session.send("Storage.clearDataForOrigin", {"origin": self._origin, "storageTypes": "all"})
        await context.clear_cookies()

    def _reason(self, error: Exception) -> str:
        return without_origin((str(error).splitlines() or [type(error).__name__])[0], self._origin)
