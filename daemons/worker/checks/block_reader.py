"""Lets the browser read a page as blocks; runs inside the sandbox."""

import json
from pathlib import Path

from playwright.async_api import CDPSession
from playwright.async_api import Error as BrowserError

from daemons.worker.checks.isolated_world import IsolatedWorld, PageGone, open_world
from daemons.worker.checks.observation_limits import (
    LONGEST_ADDRESS,
    LONGEST_BLOCK_TEXT,
    LONGEST_BLOCKS,
    LONGEST_NAME,
    MOST_BLOCKS,
)
from daemons.worker.checks.takes import Take

_SCRIPT = Path(__file__).with_name("blocks.js").read_text(encoding="utf-8")
# A part that the phone's width hides has no box there.
_BOXES = "() => ({boxes: blockElements.map(boxOf).map(box => box[2] || box[3] ? box : null)})"
_LIMITS = (MOST_BLOCKS, LONGEST_BLOCK_TEXT, LONGEST_NAME, LONGEST_ADDRESS)


class BlockReader:
    """Reads the page that is loaded."""

    def __init__(self, session: CDPSession, origin: str) -> None:
        self._session = session
        self._origin = origin
        self._world: IsolatedWorld

    async def read(self) -> Take:
        """The page's blocks, empty if it can't be read so; `moves` says that a script or a frame may change them."""
        try:
            self._world = await open_world(self._session)
            return await self._world.evaluate(_SCRIPT, [self._origin, *_LIMITS])
        except (BrowserError, PageGone):
            return {}

    async def add_phone_boxes(self, take: Take) -> None:
        """Give the blocks of this take their boxes in the window of now, which is as wide as a phone."""
        try:
            found = await self._world.evaluate(_BOXES) if take else {"boxes": []}
        except (BrowserError, PageGone):
            return
        for block, box in zip(take.get("blocks", ()), found["boxes"], strict=False):
            if box:
                block["phone"] = box


def written(take: Take) -> str:
    """The take as an observation holds it; empty if there is none, or if it is too large."""
    shown = {key: value for key, value in take.items() if key != "moves"}
    text = json.dumps(shown, ensure_ascii=False).encode(errors="replace").decode() if take else ""
    return text if len(text) <= LONGEST_BLOCKS else ""
