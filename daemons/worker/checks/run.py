"""Runs the checks of a site in the sandbox and turns what comes out into checks and screenshots."""

import json
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.verdict import judge
from daemons.worker.limits import check_limits
from daemons.worker.programs import Programs
from daemons.worker.sandbox.plan import Plan
from daemons.worker.sandbox.session import Session, open_session
from shared.errors import PageWrightError, TooLarge
from shared.settings import WorkerSettings
from shared.tree import Tree
from shared.vocabulary import Check, CheckStatus

# Pictures are for people, who look at the first pages and at those that changed.
_MOST_PICTURES = 12
_MOST_PAGES = 500
_PICTURE_BYTES = 2 << 20
_JPEG_START = b"\xff\xd8\xff"
_observation = TypeAdapter(PageObservation)


@dataclass(frozen=True)
class Picture:
    """A screenshot as bytes (JPEG)."""

    page: str
    viewport: str
    data: bytes


@dataclass(frozen=True)
class Checked:
    """The verdict over a site, and its pictures."""

    checks: tuple[Check, ...]
    pictures: tuple[Picture, ...]


class Checker:
    """One run of the checks; its browser is already warm while the site is still being edited."""

    def __init__(self) -> None:
        self.session: Session
        self._lines: list[bytes] = []

    def take_in(self, line: bytes) -> None:
        self._lines.append(line)

    async def check(self, public: Tree, changed: Collection[str]) -> Checked:
        """Check the site; pages in `changed` are pictured first. Raises TooLarge if it outlasts the limits."""
        pages = _pages(public, changed)
        task = json.dumps({"pages": pages, "pictures": _MOST_PICTURES}).encode()
        ended = await self.session.run({"task.json": task} | {f"public/{path}": data for path, data in public.items()})
        if ended.limit:
            raise TooLarge(
                f"The checks were stopped because the site used up their {ended.limit}.",
                "Look for a page that never comes to rest, such as an endless script.",
            )
        origin, seen = _decode(self._lines)
        missing = len(pages) - len(seen)
        if ended.exit_code != 0 or missing:
            raise PageWrightError("The browser that checks the site stopped too early.", "Try again.")
        return Checked((*judge(seen, public.keys(), origin), *_skipped(public, pages)), _pictures(seen, ended.tree))


@asynccontextmanager
async def open_checker(settings: WorkerSettings, programs: Programs) -> AsyncIterator[Checker]:
    """Start a browser in a sandbox of its own."""
    checker = Checker()
    plan = Plan(
        argv=programs.python("daemons.worker.checks.program", str(programs.chromium)),
        env=programs.python_environment,
        stdin=b"",
        programs=(*programs.python_mounts, *programs.browser_mounts),
        limits=check_limits(settings),
        door=False,
        collect="report",
        warm=True,
    )
    async with open_session(plan, door=None, on_line=checker.take_in) as checker.session:
        yield checker


def _html(tree: Tree) -> list[str]:
    return [path for path in tree if path.endswith((".html", ".htm"))]


def _pages(public: Tree, changed: Collection[str]) -> list[str]:
    """The pages to load: the home page, then what changed, then the rest, each by depth and name."""
    order = sorted(_html(public), key=lambda path: (path != "index.html", path not in changed, path.count("/"), path))
    return order[:_MOST_PAGES]


def _skipped(public: Tree, pages: Sequence[str]) -> tuple[Check, ...]:
    left_out = len(_html(public)) - len(pages)
    if not left_out:
        return ()
    finding = f"Only the first {len(pages)} pages were checked, {left_out} were not."
    return (Check(name="coverage", status=CheckStatus.WARNING, findings=(finding,)),)


def _decode(lines: Sequence[bytes]) -> tuple[str, list[PageObservation]]:
    """The origin and what was seen; raises a PageWrightError if a hostile page got at the report."""
    try:
        origin = str(json.loads(lines[0])["origin"])
        seen = [_observation.validate_json(line) for line in lines[1:]]
    except (ValidationError, ValueError, LookupError, TypeError):
        raise PageWrightError("The browser's report on the site can't be read.", "Try again.") from None
    return origin, sorted(seen, key=lambda page: (page.path != "index.html", page.path))


def _pictures(seen: Sequence[PageObservation], report: Tree) -> tuple[Picture, ...]:
    return tuple(
        Picture(page.path, viewport, data)
        for page in seen
        for viewport, name in sorted(page.screenshots.items())
        if (data := report.get(name, b"")).startswith(_JPEG_START) and len(data) <= _PICTURE_BYTES
    )
