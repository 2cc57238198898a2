"""What every screen weighs, and when it can be used: Chromium on a desk and on a phone, on a fast line and a slow one.

python -m bench.weight [--only NAME]: a table in Markdown. The slow line has 400 kbit/s, and 400 ms for each request.
Times are seconds until one can look and type, and in brackets until all scripts are there too. The site in the
preview, which has an address of its own, is not counted. Bytes and requests do not depend on what else the machine
does; times do, so its load is told.
"""

import argparse
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

from bench.page_cost import filled_api, signed_in
from bench.screens import SIZES, Screen, Visit, pictures_of, visits
from tests.support.browser import CHROMIUM
from tests.support.web_server import running_web_server

_VERSIONS, _WAITING = 40, 5
_HOST = "app.test"
_HOME_PAGE = Path(__file__).parents[1] / "shared/domain/site_templates/small-business/source/index.html"
_NEWEST = f"a[hx-get*='/versions/{_VERSIONS}/changes']"
_OLDER = f"a[hx-get*='/versions/{_VERSIONS - 1}/publish']"
SCREENS = (
    Screen("sign-in", "/sign-in", "input[name=email]", who=""),
    Screen("list of 60 sites", "/sites", "main a[href='/sites/s0']"),
    Screen("new site", "/new-site", "input[name=title]"),
    Screen("workspace, 40 requests", "/sites/s0", "#message"),
    Screen("versions", "/sites/s0?tab=versions", ".version"),
    Screen("changes (dialog)", "/sites/s0?tab=versions", "#dialog-title", _NEWEST),
    Screen("publish (dialog)", "/sites/s0?tab=versions", "#dialog-title", _OLDER),
    Screen("settings", "/sites/s0/settings", "input[name=title]"),
    Screen("queue, 5 wait", "/sites/s1", "#message"),
    Screen("account", "/account", "input[name=password]"),
    Screen("status", "/status", "#status", who="first"),
)
_COLUMNS = (
    *(f"KB {size}" for size in SIZES),
    *(f"requests {size}" for size in SIZES),
    "KB again",
    "requests again",
    *(f"s {size}" for size in SIZES),
    *(f"slow s {size}" for size in SIZES),
)


def table(rows: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The rows in Markdown."""
    lines = [("screen", _COLUMNS), ("---", ["---:"] * len(_COLUMNS)), *rows]
    return "\n".join(f"| {' | '.join([name, *values])} |" for name, values in lines)


def row(fast: Sequence[Sequence[Visit]], slow: Sequence[Sequence[Visit]]) -> Sequence[str]:
    """The values of a screen, from its visits by size; a dash for each if there is no such screen."""
    if not all((*fast, *slow)):
        return ["-"] * len(_COLUMNS)
    again = fast[0][1]
    return [
        *(f"{first.kilobytes:.1f}" for first, _ in fast),
        *(str(first.requests) for first, _ in fast),
        f"{again.kilobytes:.1f}",
        str(again.requests),
        *(f"{first.usable:.1f} ({first.ready:.1f})" for first, *_ in (*fast, *slow)),
    ]


def _launched(playwright: Playwright) -> Browser:
    arguments = ["--no-sandbox", f"--host-resolver-rules=MAP {_HOST} 127.0.0.1"]
    return playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)


def _measured(chromium: Browser, origin: str, cookies: Mapping[str, str], screen: Screen) -> Sequence[str]:
    fast = [visits(chromium, origin, cookies, screen, size, slow=False, times=2) for size in SIZES]
    slow = [visits(chromium, origin, cookies, screen, size, slow=True, times=1) for size in SIZES if all(fast)]
    return row(fast, slow)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="the screens with this in their name")
    wanted = [screen for screen in SCREENS if parser.parse_args().only in screen.name]
    with sync_playwright() as playwright, _launched(playwright) as chromium:
        pictures = pictures_of(chromium, _HOME_PAGE)
    with filled_api(_VERSIONS, pictures) as (api, ana), tempfile.TemporaryDirectory(prefix="pw") as sites:
        for number in range(_WAITING):
            ana.post("sites/s1/jobs", json={"message": f"Please make change number {number}."}).raise_for_status()
        cookies = {"": {}, "ana": dict(ana.cookies), "first": dict(signed_in(api, "first@example.org").cookies)}
        with (
            running_web_server(Path(sites), [api.address]) as web,
            sync_playwright() as playwright,
            _launched(playwright) as chromium,
        ):
            origin = f"http://{_HOST}:{web.app_port}"
            loads = [os.getloadavg()[0]]
            rows = []
            for screen in wanted:
                rows.append((screen.name, _measured(chromium, origin, cookies[screen.who], screen)))
                loads.append(os.getloadavg()[0])
    print(table(rows))
    print(f"\nLoad of the machine while this was measured: {min(loads):.1f} to {max(loads):.1f}.")


if __name__ == "__main__":
    main()
