"""Runs the checks of a site in the sandbox and turns what comes out into checks and screenshots."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.selection import select
from daemons.worker.checks.verdict import judge
from daemons.worker.last_words import noting_end, python_words
from daemons.worker.limits import check_limit, check_limits
from daemons.worker.programs import Programs
from daemons.worker.sandbox.plan import Plan
from daemons.worker.sandbox.session import Session, open_session
from shared.errors import PageWrightError
from shared.manifest import Changes, Check, Screenshot
from shared.settings import WorkerSettings
from shared.tree import Tree

_PICTURE_BYTES = 2 << 20
_JPEG_START = b"\xff\xd8\xff"
_NO_REPORT = "the browser sent no report on the page that can be read"
_observation = TypeAdapter(PageObservation)


@dataclass(frozen=True)
class Picture:
    """A screenshot as bytes (JPEG)."""

    page: str
    viewport: str
    data: bytes


@dataclass(frozen=True)
class Checked:
    """The verdict over a site, its new pictures, and those that it keeps."""

    checks: tuple[Check, ...]
    pictures: tuple[Picture, ...]
    kept: tuple[Screenshot, ...]


class Checker:
    """One run of the checks; its browser is already warm while the site is still being edited."""

    def __init__(self) -> None:
        self.session: Session
        self._lines: list[bytes] = []

    def take_in(self, line: bytes) -> None:
        self._lines.append(line)

    async def check(self, public: Tree, changes: Changes, known: Sequence[Screenshot]) -> Checked:
        """Check the site; `known` are the pictures of the version before. Raises TooLarge if it outlasts the limits."""
        choice = select(public.keys(), changes, known)
        task = json.dumps({"pages": choice.pages, "pictured": choice.pictured}).encode()
        ended = await self.session.run({"task.json": task} | {f"public/{path}": data for path, data in public.items()})
        with noting_end(ended, python_words(ended.error_output)):
            check_limit(ended.limit, "The check of the pages", "Look for a page that never comes to rest.")
            seen = read_observations(self._lines, choice.pages)
            if ended.exit_code != 0:
                raise PageWrightError("The browser that checks the site stopped too early.", "Try again.")
        checks = (*judge(seen, public.keys()), *choice.coverage)
        return Checked(checks, _pictures(seen, ended.tree), choice.kept)


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
    session = open_session(plan, door=None, on_line=checker.take_in, backend=programs.backend)
    async with session as checker.session:
        yield checker


def read_observations(lines: Sequence[bytes], pages: Sequence[str]) -> list[PageObservation]:
    """What was seen of each page, in their order; a page whose report can't be read has spoilt its own only."""
    seen: dict[str, PageObservation] = {}
    for line in lines:
        with suppress(ValidationError):
            page = _observation.validate_json(line)
            seen.setdefault(page.path, page)
    return [seen.get(path) or PageObservation(path=path, unseen=_NO_REPORT) for path in pages]


def _pictures(seen: Sequence[PageObservation], report: Tree) -> tuple[Picture, ...]:
    return tuple(
        Picture(page.path, viewport, data)
        for page in seen
        for viewport, name in sorted(page.screenshots.items())
        if (data := report.get(name, b"")).startswith(_JPEG_START) and len(data) <= _PICTURE_BYTES
    )
