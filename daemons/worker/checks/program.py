"""Runs inside the sandbox: loads every page of `public/` in Chromium and reports what happened.

Chromium starts before the workspace is there; the end of stdin says that it is, `task.json` which pages to load. Each
page's observation is one JSON line on stdout; screenshots are files in `report/`.
"""

import asyncio
import json
import sys
from pathlib import Path

from playwright.async_api import async_playwright

from daemons.worker.checks.page_visit import observe
from daemons.worker.checks.static_server import serve_folder

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
        turns = asyncio.Semaphore(2)

        async def look(index: int, path: str) -> None:
            async with turns:
                seen = await observe(browser, origin, path, f"{index}" if path in task["pictured"] else None)
                print(json.dumps(seen), flush=True)  # noqa: T201

        await asyncio.gather(*(look(index, path) for index, path in enumerate(task["pages"])))
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
