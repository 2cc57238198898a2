"""What one screen takes in Chromium: bytes, requests, and the time until it can be used."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

SIZES = {"1440×900": {"width": 1440, "height": 900}, "390×844": {"width": 390, "height": 844}}
_SLOW = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
_QUIET_MILLISECONDS = 1500
_SCRIPTS_READY = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
_MOST_MILLISECONDS = 60_000
# As a worker takes them of each page.
_DESKTOP, _PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
_REDUCED = {"format": "jpeg", "quality": 60, "clip": {"x": 0, "y": 0, **_DESKTOP, "scale": 0.25}}


@dataclass(frozen=True)
class Screen:
    """An address, and what is visible there once it can be used; `opens` is clicked before, and what follows counts."""

    name: str
    path: str
    usable: str
    opens: str = ""
    who: str = "ana"


@dataclass(frozen=True)
class Visit:
    """What came over the line, without what the cache had; the event stream, which does not end, is left out.

    After `usable` seconds one can look and type, which needs no script; after `ready` all scripts are there too.
    """

    kilobytes: float
    requests: int
    usable: float
    ready: float


def visits(
    chromium: Browser, origin: str, cookies: Mapping[str, str], screen: Screen, size: str, *, slow: bool, times: int
) -> Sequence[Visit]:
    """The first visit with an empty cache, and more with what that left there; none if there is no such screen."""
    context = chromium.new_context(viewport=SIZES[size])  # type: ignore[arg-type]
    context.add_cookies([{"name": name, "value": value, "url": origin} for name, value in cookies.items()])
    try:
        return [found for _ in range(times) if (found := _visit(context, origin, screen, slow=slow))]
    finally:
        context.close()


def _visit(context: BrowserContext, origin: str, screen: Screen, *, slow: bool) -> Visit | None:
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    if slow:
        line.send("Network.emulateNetworkConditions", _SLOW)
    loaded: list[float] = []
    line.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    answer, begun = page.goto(origin + screen.path, wait_until="commit"), 0.0
    if answer is None or answer.status >= 400:
        return None
    if screen.opens:
        page.wait_for_load_state("load", timeout=_MOST_MILLISECONDS)
        _wait_until_quiet(page, loaded)
        loaded.clear()
        begun = page.evaluate("performance.now()")
        page.locator(screen.opens).first.dispatch_event("click")
    page.locator(screen.usable).first.wait_for(timeout=_MOST_MILLISECONDS)
    usable = page.evaluate("performance.now()")
    page.wait_for_load_state("load", timeout=_MOST_MILLISECONDS)
    _wait_until_quiet(page, loaded)
    ready = max(usable, page.evaluate(_SCRIPTS_READY))
    sent = [size for size in loaded if size]
    page.close()
    return Visit(sum(sent) / 1000, len(sent), (usable - begun) / 1000, (ready - begun) / 1000)


def _wait_until_quiet(page: Page, loaded: Sequence[float]) -> None:
    seen = -1
    while len(loaded) > seen:
        seen = len(loaded)
        page.wait_for_timeout(_QUIET_MILLISECONDS)


def pictures_of(chromium: Browser, file: Path) -> dict[str, bytes]:
    """The pictures that a worker takes of a page, by viewport."""
    page = chromium.new_page(viewport=_DESKTOP)  # type: ignore[arg-type]
    page.goto(file.as_uri())
    reduced = page.context.new_cdp_session(page).send("Page.captureScreenshot", _REDUCED)
    desktop = page.screenshot(type="jpeg", quality=70)
    page.set_viewport_size(_PHONE)  # type: ignore[arg-type]
    return {
        "small": base64.b64decode(reduced["data"]),
        "desktop": desktop,
        "phone": page.screenshot(type="jpeg", quality=70),
    }
