"""A tab of the browser that looks at one page after the other; runs inside the sandbox.

A kept tab is faster than a new one. What a page can leave behind for the next is cleared away: storage, cookies,
service workers, open windows. After a number of pages, and after one that made trouble, the tab is a new one.
"""

import asyncio
from urllib.parse import quote

from playwright.async_api import Browser, BrowserContext, CDPSession, Page
from playwright.async_api import Error as BrowserError

from daemons.worker.checks.cutting import clean, without_origin
from daemons.worker.checks.page_script import LIMITS, SCRIPT, observed
from daemons.worker.checks.watcher import Watcher

VIEWPORTS = {"desktop": (1280, 800), "phone": (390, 844)}
_LOAD_MILLISECONDS = 15_000
_SETTLE_SECONDS = 1.0
_PAUSES = (0.1, 0.2, 0.4, 0.8)
_PAGE_SECONDS = 40.0  # loading, looking and two pictures, whatever the page does
_CLOSE_SECONDS = 5.0
_CLEAR_SECONDS = 5.0
_PAGES_OF_A_TAB = 25


class Tab:
    """One tab at the site's `origin`; made by the first look."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self._browser = browser
        self._origin = origin
        self._context: BrowserContext | None = None
        self._session: CDPSession
        self._pages = 0

    async def observe(self, path: str, shot: str | None, seconds: float) -> dict[str, object]:
        """Look at one page; with `shot`, take pictures of it under that name too. A PageObservation as JSON."""
        seen: dict[str, object] = {"path": path}
        watcher = Watcher(self._origin)
        try:
            async with asyncio.timeout(min(seconds, _PAGE_SECONDS)):
                page = await self._open()
                watcher.listen(page.context)
                problem = await self._load(page, path)
                if problem is None:
                    seen |= await self._look(page, watcher, shot)
                elif problem:
                    seen["error"] = clean(f"the page did not load: {problem}")
        except TimeoutError:
            seen["unseen"] = "the page kept the browser busy until its time was up"
        except (BrowserError, TypeError, ValueError, LookupError, AttributeError) as error:
            seen["unseen"] = clean(f"the browser could not look at the page: {self._reason(error)}")
        watcher.stop()
        await self._clear(keep="unseen" not in seen and "error" not in seen)
        return seen | watcher.report()

    async def close(self) -> None:
        """A tab that does not let itself be closed stays behind."""
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
            page = await self._context.new_page()
            self._session = await self._context.new_cdp_session(page)
            return page
        return self._context.pages[0]

    async def _load(self, page: Page, path: str) -> str | None:
        """What went wrong; None if there is a page to look at, empty if it is a file to save."""
        try:
            await page.goto(f"{self._origin}/{quote(path)}", wait_until="load", timeout=_LOAD_MILLISECONDS)
        except BrowserError as error:
            if "is interrupted by another navigation" in error.message:
                await page.wait_for_load_state("load", timeout=_LOAD_MILLISECONDS)  # it sends its visitors on
            elif "Download is starting" in error.message:
                return ""
            else:
                return self._reason(error)
        return None

    async def _look(self, page: Page, watcher: Watcher, shot: str | None) -> dict[str, object]:
        """What is on the page; one that is still empty may be about to be filled by a script, or to send people on."""
        for pause in (*_PAUSES, None):
            await watcher.settle(_SETTLE_SECONDS)
            try:
                seen = observed(await page.evaluate(SCRIPT, [self._origin, LIMITS]), self._origin)
            except BrowserError as error:
                if "Execution context was destroyed" not in error.message:
                    raise
                await page.wait_for_load_state("load", timeout=_LOAD_MILLISECONDS)
                continue
            if seen["text"] or seen["media"] or pause is None:
                break
            await asyncio.sleep(pause)
        if shot:
            seen["screenshots"] = await _take_pictures(page, shot)
        return seen

    async def _clear(self, *, keep: bool) -> None:
        """Make the tab as it was before; one that can't be is given up."""
        self._pages += 1
        if not keep or self._pages >= _PAGES_OF_A_TAB or not self._context:
            return await self.close()
        try:
            async with asyncio.timeout(_CLEAR_SECONDS):
                await self._forget(self._context)
        except (TimeoutError, BrowserError):
            await self.close()

    async def _forget(self, context: BrowserContext) -> None:
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


async def _take_pictures(page: Page, name: str) -> dict[str, str]:
    pictures = {}
    try:
        for viewport, (width, height) in VIEWPORTS.items():
            if viewport != "desktop":
                await page.set_viewport_size({"width": width, "height": height})
            pictures[viewport] = f"{name}-{viewport}.jpg"
            await page.screenshot(
                path=f"report/{pictures[viewport]}", type="jpeg", quality=70, animations="disabled", timeout=10_000
            )
    finally:
        width, height = VIEWPORTS["desktop"]
        await page.set_viewport_size({"width": width, "height": height})
    return pictures
