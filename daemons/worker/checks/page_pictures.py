"""Takes pictures of a page, whole at each width and small as lists draw it; runs inside the sandbox.

A picture is as high as the page, up to a limit in pixels and one in bytes: what is below is not on it.
"""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import CDPSession, Page

from daemons.worker.checks.observation_limits import HIGHEST_PICTURE, LARGEST_PICTURE

VIEWPORTS = {"desktop": (1280, 800), "phone": (390, 844)}
# As lists draw it: a fraction of the bytes.
_REDUCED = {"format": "jpeg", "quality": 60, "clip": {"x": 0, "y": 0, "width": 1280, "height": 800, "scale": 0.25}}
# Quality and height, until the picture is small enough.
_ATTEMPTS = ((70, HIGHEST_PICTURE), (40, HIGHEST_PICTURE), (40, HIGHEST_PICTURE // 3))


@asynccontextmanager
async def as_on_a_phone(page: Page) -> AsyncIterator[None]:
    """Make the window as wide as a phone meanwhile."""
    try:
        await _resize(page, "phone")
        yield
    finally:
        await _resize(page, "desktop")


async def _resize(page: Page, viewport: str) -> None:
    width, height = VIEWPORTS[viewport]
    await page.set_viewport_size({"width": width, "height": height})


class PagePictures:
    """Pictures of one page, as files in the report whose names begin with `name`; `taken` has them by viewport."""

    def __init__(self, page: Page, session: CDPSession, name: str) -> None:
        self.taken: dict[str, str] = {}
        self._page = page
        self._session = session
        self._name = name

    async def small(self) -> None:
        """Take the picture for lists: what one sees first at a desk."""
        reduced = await self._session.send("Page.captureScreenshot", _REDUCED)
        await self._keep("small", base64.b64decode(reduced["data"]))

    async def whole(self, viewport: str) -> None:
        """Take the page as it is in the window of now, which is as wide as this viewport."""
        metrics = await self._session.send("Page.getLayoutMetrics")
        page_height = max(VIEWPORTS[viewport][1], metrics["cssContentSize"]["height"])
        for quality, height in _ATTEMPTS:
            data = await self._capture(VIEWPORTS[viewport][0], min(page_height, height), quality)
            if len(data) <= LARGEST_PICTURE:
                return await self._keep(viewport, data)

    async def _capture(self, width: int, height: int, quality: int) -> bytes:
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        how = {"format": "jpeg", "quality": quality, "captureBeyondViewport": True, "clip": clip}
        return base64.b64decode((await self._session.send("Page.captureScreenshot", how))["data"])

    async def _keep(self, viewport: str, data: bytes) -> None:
        name = f"{self._name}-{viewport}.jpg"
        await asyncio.to_thread(Path("report", name).write_bytes, data)
        self.taken[viewport] = name
