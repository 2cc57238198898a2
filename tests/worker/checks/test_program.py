"""The program that the browser's sandbox runs: a line for each thing that it saw, in the time that it has."""

import asyncio
import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import async_playwright

from daemons.worker.checks.program import work
from tests.support.browser import CHROMIUM

_PAGE = "<!doctype html><title>{0}</title><h1>{0}</h1>"
_DRAWING = "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0h1'/></svg>"
_TASK = {
    "pages": ["index.html", "drawing.svg", "second.html", "rest.html"],
    "needed": 3,
    "pictured": ["index.html"],
    "compared": ["index.html"],
    "tabs": 1,
    "seconds": 30,
    "rest_seconds": 0,
    "end_seconds": 40,
    "known": {},
    "added": [],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its workspace."""
    workspace = tmp_path_factory.mktemp("ws")
    (workspace / "public").mkdir()
    (workspace / "task.json").write_text(json.dumps(_TASK))
    for name in ("index", "second", "rest"):
        (workspace / f"public/{name}.html").write_text(_PAGE.format(name))
    (workspace / "public/drawing.svg").write_text(_DRAWING)
    return workspace


@pytest.fixture(scope="module")
def lines(folder: Path) -> Iterator[list[dict[str, Any]]]:
    """What it wrote."""
    output = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(output):
        patch.chdir(folder)
        patch.setattr("sys.stdin", io.StringIO())
        asyncio.run(_work())
    yield [json.loads(line) for line in output.getvalue().splitlines()]


async def _work() -> None:
    async with async_playwright() as playwright:
        await work(playwright, str(CHROMIUM))


def test_it_tells_the_browser_before_any_page(lines: list[dict[str, Any]]) -> None:
    assert list(lines[0]) == ["browser"]
    assert int(lines[0]["browser"].partition(".")[0]) > 100


def test_a_page_is_begun_and_then_seen(lines: list[dict[str, Any]]) -> None:
    told = [(next(iter(line)), line.get("begun") or line.get("path")) for line in lines[1:]]
    assert told == [
        ("begun", "index.html"),
        ("path", "index.html"),
        ("path", "drawing.svg"),
        ("begun", "second.html"),
        ("path", "second.html"),
    ], "a drawing needs no browser, and for the rest there was no time"


def test_pictures_are_taken_of_the_pages_that_are_to_have_some(lines: list[dict[str, Any]], folder: Path) -> None:
    assert [line.get("screenshots") for line in lines if "path" in line] == [
        {"small": "0-small.jpg", "desktop": "0-desktop.jpg", "phone": "0-phone.jpg"},
        None,
        None,
    ]
    sizes = {"0-small.jpg": (320, 200), "0-desktop.jpg": (1280, 800), "0-phone.jpg": (390, 844)}
    for name, size in sizes.items():
        with Image.open(folder / "report" / name) as picture:
            assert (picture.format, picture.size) == ("JPEG", size)
