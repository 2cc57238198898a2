"""Runs inside the sandbox: loads every page of `public/` in Chromium and reports what happened.

Chromium starts before the workspace is there; the end of stdin says that it is, `task.json` which pages to load. Each
page's observation is one JSON line on stdout, after a first line with the origin; screenshots are files in `report/`.
"""

import asyncio
import json
import sys
from pathlib import Path

from playwright.async_api import Browser, ConsoleMessage, Page, Request, Response, async_playwright
from playwright.async_api import Error as BrowserError

from daemons.worker.checks.static_server import serve_folder

VIEWPORTS = {"desktop": (1280, 800), "phone": (390, 844)}
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
_PAGE_MILLISECONDS = 15_000
_COLLECT = """() => ({
    links: [...document.querySelectorAll('a[href], area[href]')].map(e => e.href).filter(u => typeof u === 'string'),
    images: [...document.querySelectorAll('img[src]')].map(e => e.src),
})"""


class Watcher:
    """Listens to one page while it loads."""

    def __init__(self, page: Page, origin: str) -> None:
        self._origin = origin
        self.console_errors: list[str] = []
        self.exceptions: list[str] = []
        self.failed: list[str] = []
        self.blocked: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.exceptions.append(f"script error: {error.message}"))
        page.on("requestfailed", self._request_failed)
        page.on("response", self._response)

    def _is_ours(self, url: str) -> bool:
        return not url.startswith(("http:", "https:", "ws:", "wss:")) or url.startswith(self._origin + "/")

    def _console(self, message: ConsoleMessage) -> None:
        # A resource that did not load is reported by its request already.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.console_errors.append(f"console error: {message.text}")

    def _request_failed(self, request: Request) -> None:
        (self.failed if self._is_ours(request.url) else self.blocked).append(request.url)

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.failed.append(response.url)


async def observe(browser: Browser, origin: str, path: str, shot: str | None) -> dict[str, object]:
    """Load one page; with `shot`, take pictures of it under that name too."""
    width, height = VIEWPORTS["desktop"]
    page = await browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    watcher = Watcher(page, origin)
    seen: dict[str, object] = {"path": path}
    try:
        await page.goto(f"{origin}/{path}", wait_until="load", timeout=_PAGE_MILLISECONDS)
        seen |= {"title": (await page.title())[:500]} | await page.evaluate(_COLLECT)
        if shot:
            seen["screenshots"] = await _take_pictures(page, shot)
    except BrowserError as error:
        seen["error"] = f"the page did not load: {error.message.splitlines()[0]}"[:500]
    finally:
        await page.close()
    return seen | {
        "console_errors": _short(watcher.console_errors),
        "exceptions": _short(watcher.exceptions),
        "failed_requests": _short(watcher.failed),
        "blocked": _short(watcher.blocked),
    }


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


def _short(texts: list[str]) -> list[str]:
    return [text[:500] for text in dict.fromkeys(texts)][:50]


def _read_task() -> str:
    """Wait for the workspace and read what to do; the report's folder is made on the way."""
    sys.stdin.read()
    Path("report").mkdir()
    return Path("task.json").read_text()


async def main(chromium: str) -> None:
    """Warm up, wait for the pages, and look at two at a time: one loads while the other is drawn."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=_ARGUMENTS, chromium_sandbox=False)
        task = json.loads(await asyncio.to_thread(_read_task))
        origin = await asyncio.to_thread(serve_folder, Path("public"))
        print(json.dumps({"origin": origin}), flush=True)  # noqa: T201
        turns = asyncio.Semaphore(2)

        async def look(index: int, path: str) -> None:
            async with turns:
                seen = await observe(browser, origin, path, f"{index}" if path in task["pictured"] else None)
                print(json.dumps(seen), flush=True)  # noqa: T201

        await asyncio.gather(*(look(index, path) for index, path in enumerate(task["pages"])))
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
