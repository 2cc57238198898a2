"""What a site's page weighs, and when it can be used on a slow line: Chromium at 400 kbit/s, 400 ms for each request.

python -m bench.weight [--versions 40]. A first visit with an empty cache, then a second one.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import BrowserContext, sync_playwright

from bench.page_cost import filled_api
from tests.support.browser import CHROMIUM
from tests.support.web_server import running_web_server

_SLOW = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
_MOMENTS = """[performance.getEntriesByName("first-contentful-paint")[0].startTime,
performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd]"""
_HOST = "app.test"


def visit(context: BrowserContext, address: str) -> str:
    """Open the page, type a letter, and say how long that took, with the bytes and requests of the whole page."""
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", _SLOW)
    loaded: list[tuple[str, float]] = []

    def ended(event: dict[str, Any]) -> None:
        loaded.append((kinds.get(event["requestId"], ""), event["encodedDataLength"]))

    kinds: dict[str, str] = {}
    line.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    line.on("Network.loadingFinished", ended)
    page.goto(address, wait_until="commit")
    page.locator("#message").press_sequentially("a", timeout=60_000)
    typed = page.evaluate("performance.now()")
    page.wait_for_load_state("networkidle")
    painted, scripts = page.evaluate(_MOMENTS)
    weight = {kind: round(sum(size for one, size in loaded if one == kind) / 1000) for kind in set(kinds.values())}
    page.close()
    when = ", ".join(
        f"{name} {moment / 1000:.1f} s"
        for name, moment in (("painted", painted), ("typed", typed), ("scripts", scripts))
    )
    return f"{when}, {len(loaded)} requests, KB by kind: {weight}"


def main() -> None:
    """Print both visits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--versions", type=int, default=40)
    versions = parser.parse_args().versions
    with filled_api(versions) as (api, browser), tempfile.TemporaryDirectory(prefix="pw") as sites:
        page = httpx.Cookies(browser.cookies)
        with running_web_server(Path(sites), [api.address]) as web, sync_playwright() as playwright:
            rule = f"--host-resolver-rules=MAP {_HOST} 127.0.0.1"
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", rule])
            context = chromium.new_context(viewport={"width": 1440, "height": 900})
            address = f"http://{_HOST}:{web.app_port}"
            context.add_cookies([{"name": name, "value": value, "url": address} for name, value in page.items()])
            for name in ("first visit", "second visit"):
                print(f"{name}: {visit(context, f'{address}/sites/s0')}")
            chromium.close()


if __name__ == "__main__":
    main()
