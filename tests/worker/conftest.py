"""A tab of the real browser, outside of the sandbox, that looks at pages which a test writes."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright

from daemons.worker.checks.block_reader import written
from daemons.worker.checks.static_server import ServedFolder
from daemons.worker.checks.tab import Tab
from tests.support.browser import CHROMIUM

Seen = dict[str, Any]


class Looker:
    """Writes pages into a folder and lets one tab look at them."""

    def __init__(self, runner: asyncio.Runner, browser: Browser) -> None:
        self._runner = runner
        self._browser = browser

    def __call__(self, folder: Path, pages: Mapping[str, str | None], **seconds: float) -> list[Seen]:
        """What is seen of each page, in their order; `a=2` gives the page a.html two seconds. None: it is there."""
        for path, text in pages.items():
            if text is not None:
                (folder / path).write_text(text)
        return self._runner.run(
            self._look(ServedFolder(folder), {path: seconds.get(path.partition(".")[0], 20.0) for path in pages})
        )

    def picture(self, folder: Path, page: str) -> Seen:
        """What is seen of a page, of which pictures are taken: files in the folder `report`."""
        (folder / "a.html").write_text(page)
        (folder / "report").mkdir(exist_ok=True)
        with chdir(folder):
            (seen,) = self._runner.run(self._look(ServedFolder(folder), {"a.html": 30.0}, "a"))
        return seen

    def audited(self, folder: Path, pages: Mapping[str, str], axe: str) -> list[Seen]:
        """What is seen of each page with axe-core."""
        for path, text in pages.items():
            (folder / path).write_text(text)
        return self._runner.run(self._look(ServedFolder(folder), dict.fromkeys(pages, 20.0), axe=axe))

    async def _look(
        self, site: ServedFolder, pages: Mapping[str, float], shot: str | None = None, *, axe: str = ""
    ) -> list[Seen]:
        tab = Tab(self._browser, site.origin)
        try:
            seen = [await tab.observe(path, shot, seconds, axe=axe) for path, seconds in pages.items()]
            return [one | {"blocks": written(one.get("blocks", {}))} for one in seen]
        finally:
            await tab.close()


@pytest.fixture(scope="session")
def look() -> Iterator[Looker]:
    """One browser for all tests of this process."""
    with asyncio.Runner() as runner:
        playwright = runner.run(async_playwright().start())
        browser = runner.run(playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False))
        yield Looker(runner, browser)
        runner.run(browser.close())
        runner.run(playwright.stop())
