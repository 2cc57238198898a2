"""Looks at pages of a version and, where that is needed to tell what an edit changed, of its parent; in the sandbox."""

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from daemons.worker.checks.block_reader import written
from daemons.worker.checks.comparison import TwoVersions
from daemons.worker.checks.markup import markup_faults
from daemons.worker.checks.page_source import PageSource
from daemons.worker.checks.picture_differences import Box, differences, without
from daemons.worker.checks.static_server import ServedFolder
from daemons.worker.checks.tab import Tab
from daemons.worker.checks.takes import Take, differing

Seen = dict[str, Any]


class SideOfPage:
    """One version of the site: its files, and a tab at its address."""

    def __init__(self, browser: Browser, site: ServedFolder) -> None:
        self.tab = Tab(browser, site.origin)
        self._site = site

    async def read(self, path: str, left: Callable[[], float]) -> Take:
        """The page's blocks as they are now; empty if there is no such page, no time, or nothing to read."""
        seen = await self._observe(path, None, left)
        return dict(seen.get("blocks") or {})

    async def pictures(self, path: str, name: str, left: Callable[[], float]) -> dict[str, bytes]:
        """The page's pictures as they are now, by viewport."""
        seen = await self._observe(path, name, left)
        return await asyncio.to_thread(_taken, seen.get("screenshots", {}), keep=False)

    def source(self, path: str) -> PageSource:
        """The page's HTML."""
        return PageSource(self._site.read(path) if self._site.has(path) else b"")

    def markup(self, path: str) -> list[dict[str, object]]:
        """What is wrong in the page's HTML."""
        return markup_faults(self._site.read(path).decode(errors="replace")) if self._site.has(path) else []

    async def _observe(self, path: str, shot: str | None, left: Callable[[], float]) -> Seen:
        if not self._site.has(path) or left() <= 0:
            return {}
        return await self.tab.observe(path, shot, left(), axe=None)


class VersionTabs:
    """A tab at the version and one at its parent; the first look opens each.

    `known` has what was read of pages in the parent, as an observation holds it. After `left()` seconds nothing is
    looked at. `axe` is the text of axe-core, empty to do without.
    """

    def __init__(
        self,
        browser: Browser,
        sites: tuple[ServedFolder, ServedFolder],
        known: Mapping[str, str],
        left: Callable[[], float],
        axe: str,
    ) -> None:
        self._version, self._parent = (SideOfPage(browser, site) for site in sites)
        self._known = known
        self._left = left
        self._axe = axe

    async def observe(self, path: str, shot: str | None, *, compared: bool) -> Seen:
        """Look at a page and return a PageObservation as JSON; see Tab.observe."""
        seen = await self._version.tab.observe(path, shot, self._left(), axe=self._axe)
        if seen.get("audit"):
            seen["audit"]["markup"] = await asyncio.to_thread(self._version.markup, path)
        take = seen.get("blocks") or {}
        if compared and take:
            seen |= await self._compare(path, take, shot, seen.get("screenshots", {}))
        return seen | {"blocks": written(take)}

    async def _compare(self, path: str, take: Take, shot: str | None, pictures: Mapping[str, str]) -> Seen:
        again, parent = (partial(side.read, path, self._left) for side in (self._version, self._parent))
        new, old = (side.source(path) for side in (self._version, self._parent))
        known = json.loads(self._known.get(path) or "{}")
        found = await TwoVersions(again, parent, new, old).compare(take, known)
        if not found.is_certain:
            return {"incomparable": True}
        before = found.before or known
        seen: Seen = {"before": written(found.before)} if found.before else {}
        if shot and not any(differing(take, [before], [])) and not any(differing(before, [take], [])):
            seen["looks"] = await self._looks(path, take, shot, pictures)
        return seen

    async def _looks(self, path: str, take: Take, shot: str, pictures: Mapping[str, str]) -> dict[str, list[Box]]:
        """Where a page that reads as before looks otherwise, by viewport; what moves by itself is left out."""
        now = await asyncio.to_thread(_taken, pictures, keep=True)
        before = await self._parent.pictures(path, f"{shot}-before", self._left)
        found = await _differences(before, now)
        if any(found.values()):
            again = await _differences(now, await self._version.pictures(path, f"{shot}-again", self._left))
            found = {
                viewport: without(boxes, [*again.get(viewport, []), *_embedded(take, viewport)])
                for viewport, boxes in found.items()
            }
        return found


async def _differences(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> dict[str, list[Box]]:
    widths = [viewport for viewport in ("desktop", "phone") if viewport in one and viewport in other]
    return {viewport: await asyncio.to_thread(differences, one[viewport], other[viewport]) for viewport in widths}


def _embedded(take: Take, viewport: str) -> list[Box]:
    """Where other documents and films stand, which nobody compares."""
    key = "box" if viewport == "desktop" else "phone"
    return [tuple(block[key]) for block in take["blocks"] if block["role"] == "embed" and block.get(key)]


def _taken(pictures: Mapping[str, str], *, keep: bool) -> dict[str, bytes]:
    """The bytes of pictures by viewport; those that are not to be kept leave the report."""
    data = {viewport: Path("report", name).read_bytes() for viewport, name in pictures.items()}
    for name in () if keep else pictures.values():
        Path("report", name).unlink()
    return data
