"""Lets the browser read a page as blocks; runs inside the sandbox."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as BrowserError

from daemons.worker.checks.isolated_world import PageGone, evaluate
from daemons.worker.checks.observation_limits import (
    LONGEST_ADDRESS,
    LONGEST_BLOCK_TEXT,
    LONGEST_BLOCKS,
    LONGEST_NAME,
    MOST_BLOCKS,
)

_SCRIPT = Path(__file__).with_name("blocks.js").read_text(encoding="utf-8")
_LIMITS = (MOST_BLOCKS, LONGEST_BLOCK_TEXT, LONGEST_NAME, LONGEST_ADDRESS)

Take = dict[str, Any]


async def read_page(session: CDPSession, origin: str) -> Take:
    """The page's blocks, empty if it can't be read so; `moves` says that a script or a frame may change them."""
    try:
        return await evaluate(session, _SCRIPT, [origin, *_LIMITS])
    except (BrowserError, PageGone):
        return {}


def mark_unsteady(first: Take, second: Take) -> None:
    """Mark the blocks of the first take that the second one lacks: they change by themselves."""
    seen = Counter(_content(block, second) for block in second.get("blocks", ()))
    for block in first.get("blocks", ()):
        key = _content(block, first)
        if seen[key]:
            seen[key] -= 1
        else:
            block["unsteady"] = True


def written(take: Take) -> str:
    """The take as an observation holds it; empty if there is none, or if it is too large."""
    shown = {key: value for key, value in take.items() if key != "moves"}
    text = json.dumps(shown, ensure_ascii=False).encode(errors="replace").decode() if take else ""
    return text if len(text) <= LONGEST_BLOCKS else ""


def _content(block: Take, take: Take) -> str:
    """All of a block but its place on the screen, which moves with what is above."""
    shown = {key: value for key, value in block.items() if key not in ("box", "section", "unsteady")}
    return json.dumps(shown | {"style": take["styles"][block["style"]]}, sort_keys=True)
