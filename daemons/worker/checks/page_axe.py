"""Lets axe-core look for what keeps people with impairments out; runs inside the sandbox."""

import asyncio
from typing import Any

from playwright.async_api import CDPSession
from playwright.async_api import Error as BrowserError

from daemons.worker.checks.cutting import clean
from daemons.worker.checks.isolated_world import PageGone, evaluate
from daemons.worker.checks.observation_limits import LONGEST_NAME, LONGEST_SELECTOR, MOST_BARRIERS

_LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# What other findings of ours tell, with words of their own.
_TOLD_ELSEWHERE = ("image-alt", "html-has-lang", "document-title")
_OPTIONS = {
    "runOnly": {"type": "tag", "values": _LEVELS},
    "rules": {rule: {"enabled": False} for rule in _TOLD_ELSEWHERE},
    "resultTypes": ["violations"],
    "iframes": False,
}
# On more elements it takes seconds, in which nothing else is done; one that can be tapped costs as much as four.
_MOST_ELEMENTS = 1_500
# It compares each thing that can be tapped with all others.
_MOST_TARGETS = 150
_SECONDS = 10.0
# axe-core writes itself into the world of its own, in which it runs at once.
_SCRIPT = """async ([options, most, mostTargets]) => {
    const targets = document.querySelectorAll('a, button, input, select, textarea, [role], [tabindex]').length;
    if (document.getElementsByTagName('*').length + 3 * targets > most) return {barriers: null};
    options.rules['target-size'] = {enabled: targets <= mostTargets};
    %s;
    const {violations} = await axe.run(document, options);
    const boxOf = selector => {
        const element = typeof selector === 'string' ? document.querySelector(selector) : null;
        const box = element ? element.getBoundingClientRect() : {x: 0, y: 0, width: 0, height: 0};
        return [box.x + scrollX, box.y + scrollY, box.width, box.height].map(Math.round);
    };
    return {barriers: violations.map(({id, nodes}) => {
        const [selector] = nodes[0].target;
        return {rule: id, count: nodes.length, selector: String(selector), box: boxOf(selector)};
    })};
}"""

Answer = dict[str, Any]


async def barriers(session: CDPSession, axe: str) -> list[Answer] | None:
    """What axe-core finds, as JSON of Barriers; None if the page is too large for it or hinders it."""
    try:
        async with asyncio.timeout(_SECONDS):
            answer = await evaluate(session, _SCRIPT.replace("%s", axe, 1), [_OPTIONS, _MOST_ELEMENTS, _MOST_TARGETS])
        found = answer["barriers"]
        return None if found is None else [_barrier(one) for one in found[:MOST_BARRIERS]]
    except TimeoutError:
        await session.send("Runtime.terminateExecution")  # else it would go on, and the page wait for it
        return None
    except (BrowserError, PageGone, TypeError, ValueError, LookupError, AttributeError):
        return None


def _barrier(one: Answer) -> Answer:
    left, top, width, height = map(int, one["box"])
    return {
        "rule": clean(one["rule"], LONGEST_NAME),
        "count": max(1, int(one["count"])),
        "selector": clean(one["selector"], LONGEST_SELECTOR),
        "box": [left, top, width, height],
    }
