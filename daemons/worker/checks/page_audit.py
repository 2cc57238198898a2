"""Lets the browser measure a page as a professional would look it over; runs inside the sandbox."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Page, ViewportSize
from playwright.async_api import Error as BrowserError

from daemons.worker.checks.cutting import clean, own_address, reported_address
from daemons.worker.checks.isolated_world import PageGone, evaluate
from daemons.worker.checks.observation_limits import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_SELECTOR,
    MOST_HEADINGS,
    MOST_PICTURES,
    MOST_TARGETS,
)

_SCRIPT = Path(__file__).with_name("page_audit.js").read_text(encoding="utf-8")
_LIMITS = {
    "pictures": MOST_PICTURES,
    "headings": MOST_HEADINGS,
    "text": LONGEST_SELECTOR,
    "elements": 5_000,
    "targets": MOST_TARGETS,
}
_SMALLEST_PHONE: ViewportSize = {"width": 320, "height": 640}
# What a page's scripts do about a new width needs a moment; only a page that is too wide waits for it.
_SECOND_LOOK_SECONDS = 0.25
_FARTHEST = 1_000_000
_FAILURES = (BrowserError, PageGone, TypeError, ValueError, LookupError, AttributeError)

Answer = dict[str, Any]


async def audit(session: CDPSession, origin: str) -> Answer | None:
    """A PageAudit as JSON; None for what is no page for people, such as a drawing or one that sends them on."""
    try:
        found = await evaluate(session, _SCRIPT, ["page", origin, _LIMITS])
        return _audited(found, origin) if found else None
    except _FAILURES as error:
        return _unread(error)


async def add_wide_elements(audited: Answer | None, page: Page, session: CDPSession, origin: str) -> None:
    """Add to the audit what sticks out of the window of a phone, and then of the smallest, at which the page stays."""
    if not audited or not audited.get("is_for_phones"):
        return
    try:
        found = await _excess(session, origin)
        await page.set_viewport_size(_SMALLEST_PHONE)
        audited["wide"] = [_wide(one) for one in (found, await _excess(session, origin)) if one["excess"]]
    except _FAILURES as error:
        audited |= _unread(error)


def _unread(error: Exception) -> Answer:
    return {"unread": clean((str(error).splitlines() or [type(error).__name__])[0])}


def _wide(one: Answer) -> Answer:
    return {"width": _number(one["width"]), "excess": _number(one["excess"]), **_place(one)}


async def _excess(session: CDPSession, origin: str) -> Answer:
    """How far the page is wider than the window, as it stays when its scripts had a moment."""
    for pause in (_SECOND_LOOK_SECONDS, None):
        found: Answer = {"excess": 0} | await evaluate(session, _SCRIPT, ["width", origin, _LIMITS])
        if pause is None or not found["excess"]:
            break
        await asyncio.sleep(pause)
    return found


def _audited(found: Answer, origin: str) -> Answer:
    """The script's answer, cut. Raises TypeError and the like if it has wrong types."""
    return {
        "language": clean(found["language"], LONGEST_NAME),
        "has_description": bool(found["has_description"]),
        "is_for_phones": bool(found["is_for_phones"]),
        "size": max(0, int(found["size"])),
        "pictures": [_picture(one, origin) for one in found["pictures"][:MOST_PICTURES]],
        "targets": [
            {"kind": str(one["kind"]), "address": reported_address(str(one["address"]), origin)}
            for one in found["targets"][:MOST_TARGETS]
        ],
        "headings": [
            {"level": int(one["level"]), "text": clean(one["text"], LONGEST_NAME), **_place(one)}
            for one in found["headings"][:MOST_HEADINGS]
        ],
    }


def _picture(one: Mapping[str, Any], origin: str) -> Answer:
    return {
        "address": clean(own_address(one["address"], origin) or "/", LONGEST_ADDRESS),
        **_place(one),
        **{key: bool(one[key]) for key in ("is_named", "is_stretched", "has_choice")},
        **{key: [_number(one[key][0]), _number(one[key][1])] for key in ("natural", "drawn")},
        "size": max(0, int(one["size"])),
    }


def _place(one: Mapping[str, Any]) -> Answer:
    left, top, width, height = (max(-_FARTHEST, min(_FARTHEST, int(value))) for value in one["box"])
    return {"selector": clean(one["selector"], LONGEST_SELECTOR), "box": [left, top, width, height]}


def _number(value: object) -> int:
    return max(0, min(_FARTHEST, int(str(value))))
