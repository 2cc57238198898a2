"""Looks at one page in the browser and says what it saw; runs inside the sandbox, and believes nothing of the page."""

import asyncio
from typing import Any
from urllib.parse import quote

from playwright.async_api import Browser, Page
from playwright.async_api import Error as BrowserError

from daemons.worker.checks.cutting import Cut, clean, cut, own_address, without_origin
from daemons.worker.checks.observation import LONGEST_ADDRESS, MOST_ADDRESSES
from daemons.worker.checks.watcher import Watcher

VIEWPORTS = {"desktop": (1280, 800), "phone": (390, 844)}
_LOAD_MILLISECONDS = 15_000
_PAGE_SECONDS = 40.0  # loading, looking and two pictures, whatever the page does
_CLOSE_SECONDS = 5.0
# Runs in the page: cuts already there, so that a page with a million links costs no memory outside of it.
_COLLECT = """([origin, most, longest]) => {
    const own = (selector, property) => {
        const seen = new Set();
        for (const element of document.querySelectorAll(selector)) {
            const address = element[property];
            if (typeof address === 'string' && address.startsWith(origin + '/')) seen.add(address);
        }
        const all = [...seen];
        return {items: all.filter(address => address.length <= longest).slice(0, most), total: all.length};
    };
    return {links: own('a[href], area[href]', 'href'), images: own('img[src]', 'src')};
}"""


async def observe(browser: Browser, origin: str, path: str, shot: str | None) -> dict[str, object]:
    """Load one page; with `shot`, take pictures of it under that name too. The result is a PageObservation as JSON."""
    width, height = VIEWPORTS["desktop"]
    page = await browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    watcher = Watcher(page, origin)
    seen: dict[str, object] = {"path": path}
    try:
        async with asyncio.timeout(_PAGE_SECONDS):
            seen |= await _load(page, f"{origin}/{quote(path)}", origin) or await _look(page, origin, shot)
    except TimeoutError:
        seen["unseen"] = "the page kept the browser busy until its time was up"
    except (BrowserError, TypeError, ValueError, LookupError, AttributeError) as error:
        seen["unseen"] = clean(f"the browser could not look at the page: {_first_line(error, origin)}")
    finally:
        await _close(page)
    return seen | watcher.report()


async def _load(page: Page, url: str, origin: str) -> dict[str, object]:
    """Empty, or what went wrong."""
    try:
        await page.goto(url, wait_until="load", timeout=_LOAD_MILLISECONDS)
    except BrowserError as error:
        return {"error": clean(f"the page did not load: {_first_line(error, origin)}")}
    return {}


async def _look(page: Page, origin: str, shot: str | None) -> dict[str, object]:
    found = await page.evaluate(_COLLECT, [origin, MOST_ADDRESSES, LONGEST_ADDRESS])
    seen: dict[str, object] = {kind: _cut_addresses(found[kind], origin) for kind in ("links", "images")}
    seen["title"] = clean(await page.title())
    if shot:
        seen["screenshots"] = await _take_pictures(page, shot)
    return seen


def _cut_addresses(found: dict[str, Any], origin: str) -> Cut:
    """Addresses without origin and query; what the page has cut already stays counted."""
    own = cut((own_address(url, origin) or "/" for url in found["items"]), MOST_ADDRESSES)
    return own | {"total": own["total"] + max(0, int(found["total"]) - len(found["items"]))}


async def _take_pictures(page: Page, name: str) -> dict[str, str]:
    pictures = {}
    for viewport, (width, height) in VIEWPORTS.items():
        if viewport != "desktop":
            await page.set_viewport_size({"width": width, "height": height})
        pictures[viewport] = f"{name}-{viewport}.jpg"
        await page.screenshot(
            path=f"report/{pictures[viewport]}", type="jpeg", quality=70, animations="disabled", timeout=10_000
        )
    return pictures


async def _close(page: Page) -> None:
    """A page that does not let itself be closed stays behind."""
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await page.close()
    except (TimeoutError, BrowserError):
        return


def _first_line(error: Exception, origin: str) -> str:
    return without_origin((str(error).splitlines() or [type(error).__name__])[0], origin)
