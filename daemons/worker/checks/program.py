"""Loads pages of `public/` in Chromium, as many as the time allows, and reports what happened; runs in the sandbox.

Chromium starts before the workspace is there. The end of stdin says that it is, and `task.json` says what to do. Each
line on stdout is JSON: first the browser's version, then for each page that it is begun, and its observation.
Screenshots are files in `report/`.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.async_api import Browser, Playwright, async_playwright

from daemons.worker.checks.static_server import ServedFolder
from daemons.worker.checks.static_svg import read_static_svg
from daemons.worker.checks.version_tabs import VersionTabs
from shared.domain.serving.media_types import extension

_ARGUMENTS = [
    "--no-zygote",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Those files of the parent that the version has changed or lacks.
_BEFORE = Path("before")
# Write no more than this, which is a little less than the worker reads.
_OUTPUT_BYTES = 48 << 20
# Beyond this, leave out the pages' blocks, so that there is room to look at all pages.
_OUTPUT_WITH_BLOCKS = 24 << 20


class PageLoader:
    """Loads the pages that a task names."""

    def __init__(self, playwright: Playwright, chromium: str) -> None:
        self._playwright = playwright
        self._chromium = chromium
        self._browser: Browser
        self._output = 0
        self._restarting = asyncio.Lock()

    async def launch(self) -> str:
        """Start the browser and return its version."""
        self._browser = await self._playwright.chromium.launch(
            executable_path=self._chromium, args=_ARGUMENTS, chromium_sandbox=False
        )
        return self._browser.version

    async def pages(self, task: dict[str, Any], site: ServedFolder, parent: ServedFolder) -> None:
        """Look at the pages, several at a time; start the browser again if a page ends it."""
        self._task, self._site, self._parent = task, site, parent
        self._started = time.monotonic()
        turns = enumerate(task["pages"])
        await asyncio.gather(*(self._tab(turns) for _ in range(task["tabs"])))

    async def _tab(self, turns: Iterator[tuple[int, str]]) -> None:
        browser, tabs = self._browser, self._tabs()
        for index, path in turns:
            if not self._is_time_for(index):
                break
            if drawing := await asyncio.to_thread(self._drawing, path):
                self.write(drawing)
                continue
            if browser is not self._browser or not browser.is_connected():
                await self._restart_browser(browser)
                browser, tabs = self._browser, self._tabs()
            self.write({"begun": path})
            shot = f"{index}" if path in self._task["pictured"] else None
            self.write(await tabs.observe(path, shot, compared=path in self._task["compared"]))

    def _tabs(self) -> VersionTabs:
        left = partial(self._left, self._task["end_seconds"])
        return VersionTabs(self._browser, (self._site, self._parent), self._task["known"], left, self._task["axe"])

    def _drawing(self, path: str) -> dict[str, object] | None:
        """The observation of a drawing that needs no browser, else None."""
        return read_static_svg(path, self._site.answer(f"/{quote(path)}")) if extension(path) == "svg" else None

    async def _restart_browser(self, broken: Browser) -> None:
        """Start the browser again, once for all tabs."""
        async with self._restarting:
            if self._browser is broken:
                await self.launch()

    def _is_time_for(self, index: int) -> bool:
        seconds = self._task["seconds"] if index < self._task["needed"] else self._task["rest_seconds"]
        return self._left(seconds) > 0 and self._output < _OUTPUT_BYTES

    def _left(self, seconds: float) -> float:
        return seconds - (time.monotonic() - self._started)

    def write(self, message: dict[str, object]) -> None:
        """Write one line for the worker."""
        if self._output > _OUTPUT_WITH_BLOCKS:
            message = message | {"blocks": "", "before": ""} if "blocks" in message else message
        line = json.dumps(message)
        self._output += len(line)
        print(line, flush=True)  # noqa: T201


def _read_task() -> dict[str, Any]:
    """Wait for the workspace, make the report's folder and read the task, with the text of axe-core if it is there."""
    sys.stdin.read()
    Path("report").mkdir()
    axe, task = Path("axe.js"), dict(json.loads(Path("task.json").read_text()))
    return task | {"axe": axe.read_text(encoding="utf-8") if axe.exists() else ""}


async def work(playwright: Playwright, chromium: str) -> None:
    """Start the browser, wait for the pages, and look at them."""
    loader = PageLoader(playwright, chromium)
    loader.write({"browser": await loader.launch()})
    task = await asyncio.to_thread(_read_task)
    site = await asyncio.to_thread(ServedFolder, Path("public"))
    await loader.pages(task, site, await asyncio.to_thread(ServedFolder, Path("public"), _BEFORE, task["added"]))


async def main(chromium: str) -> None:
    """Do the work and leave: the sandbox ends the browser, which would take a fifth of a second to close itself."""
    await work(await async_playwright().start(), chromium)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
