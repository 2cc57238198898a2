"""Runs a script of ours in a page, in a world that the page's own scripts can't reach; runs inside the sandbox."""

import json
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as BrowserError

# What the browser says when the page went elsewhere meanwhile.
_GONE = ("Execution context was destroyed", "Cannot find context with specified id", "No frame for given id found")


class PageGone(Exception):
    """The page has navigated while the script ran."""


class IsolatedWorld:
    """A world of ours in the page that is loaded: what a script leaves in it a later one finds."""

    def __init__(self, session: CDPSession, number: int) -> None:
        self._session = session
        self._number = number

    async def evaluate(self, script: str, *arguments: object) -> dict[str, Any]:
        """The object that the function `script` answers. Raises PageGone, and the browser's error if it throws."""
        call = {
            "expression": f"({script})({', '.join(map(json.dumps, arguments))})",
            "contextId": self._number,
            "returnByValue": True,
            "awaitPromise": True,
        }
        answer = await _send(self._session, "Runtime.evaluate", call)
        if "exceptionDetails" in answer:
            raise BrowserError(str(answer["result"].get("description", "the script failed")))
        return dict(answer["result"]["value"])


async def open_world(session: CDPSession) -> IsolatedWorld:
    """A new world in the page. Raises PageGone."""
    tree = await _send(session, "Page.getFrameTree", {})
    frame = {"frameId": tree["frameTree"]["frame"]["id"]}
    world = await _send(session, "Page.createIsolatedWorld", frame)
    return IsolatedWorld(session, world["executionContextId"])


async def evaluate(session: CDPSession, script: str, *arguments: object) -> dict[str, Any]:
    """The same in a world that nobody needs afterwards."""
    return await (await open_world(session)).evaluate(script, *arguments)


async def _send(session: CDPSession, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
    try:
        return dict(await session.send(method, parameters))
    except BrowserError as error:
        if any(text in error.message for text in _GONE):
            raise PageGone from error
        raise
