"""Runs a script of ours in a page, in a world that the page's own scripts can't reach; runs inside the sandbox."""

import json
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as BrowserError

# What the browser says when the page went elsewhere meanwhile.
_GONE = ("Execution context was destroyed", "Cannot find context with specified id", "No frame for given id found")


class PageGone(Exception):
    """The page has navigated while the script ran."""


async def evaluate(session: CDPSession, script: str, *arguments: object) -> dict[str, Any]:
    """The object that the function `script` answers. Raises PageGone, and the browser's error if it throws."""
    try:
        tree = await session.send("Page.getFrameTree")
        world = await session.send("Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]})
        call = {
            "expression": f"({script})({', '.join(map(json.dumps, arguments))})",
            "contextId": world["executionContextId"],
            "returnByValue": True,
        }
        answer = await session.send("Runtime.evaluate", call)
    except BrowserError as error:
        if any(text in error.message for text in _GONE):
            raise PageGone from error
        raise
    if "exceptionDetails" in answer:
        raise BrowserError(str(answer["result"].get("description", "the script failed")))
    return dict(answer["result"]["value"])
