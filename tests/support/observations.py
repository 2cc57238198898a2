"""Observations and findings in few words, for tests of what is made of them."""

from daemons.worker.checks.finding import Finding
from daemons.worker.checks.findings import find
from daemons.worker.checks.observation import (
    AddressList,
    LostRequest,
    LostRequests,
    PageObservation,
    ScriptError,
    ScriptErrors,
)

FILES = {"index.html", "about.html", "blog/index.html", "img/a b.png", "menu.pdf", "404.html"}


def addresses(*items: str, total: int | None = None) -> AddressList:
    return AddressList(items=items, total=len(items) if total is None else total)


def errors(*items: ScriptError, total: int | None = None) -> ScriptErrors:
    return ScriptErrors(items=items, total=len(items) if total is None else total)


def lost(*items: LostRequest) -> LostRequests:
    return LostRequests(items=items, total=len(items))


def page(path: str = "index.html", **seen: object) -> PageObservation:
    """A page with some text."""
    return PageObservation(**{"path": path, "text": 300} | seen)  # type: ignore[arg-type]


def found(*pages: PageObservation, text_before: dict[str, int] | None = None) -> list[Finding]:
    """What is found on these pages; a good home page is among them if none is given."""
    seen = {"index.html": page()} | {one.path: one for one in pages}
    return list(find(seen, FILES, text_before or {}))
