"""Runs the checks of a site: chooses pages, lets the browser load them, and turns its observations into a verdict."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from daemons.worker.changes.sentences import told
from daemons.worker.changes.version_changes import version_changes
from daemons.worker.checks.browser_run import BrowserRun, BrowserTask, open_browser
from daemons.worker.checks.budget import budget
from daemons.worker.checks.closure import closure
from daemons.worker.checks.existing_faults import existing_faults, unaudited_faults
from daemons.worker.checks.finding import Finding, Weight
from daemons.worker.checks.findings import find
from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.observation_limits import LARGEST_PICTURE
from daemons.worker.checks.page_schedule import PageSchedule
from daemons.worker.checks.report import PageRecord, Report, encode_report, parts, texts, within_room
from daemons.worker.checks.search_files import search_file_findings
from daemons.worker.checks.selection import Selection, coverage, select
from daemons.worker.checks.verdict import DatedFinding, compare, sentence, verdict
from daemons.worker.exit_diagnostics import exit_diagnostics, python_diagnostics
from daemons.worker.programs import Programs
from daemons.worker.sandbox.session import RunResult
from shared.domain.errors import PageWrightError
from shared.domain.manifest import Changes, Check, CheckStatus, Screenshot
from shared.domain.serving.media_types import is_document
from shared.domain.tree import Tree, digests
from shared.domain.visible_changes import VisibleChanges
from shared.runtime.settings import WorkerSettings

# What an observation has for this version alone.
_NOT_KEPT: Mapping[str, object] = {"screenshots": {}, "before": "", "incomparable": False, "looks": {}}
_COVERAGE = "coverage"
_JPEG_START = b"\xff\xd8\xff"


@dataclass(frozen=True)
class Picture:
    """A screenshot as bytes (JPEG)."""

    page: str
    viewport: str
    data: bytes


@dataclass(frozen=True)
class Checked:
    """The verdict on a site, its new pictures, those that it keeps, and the report for the next version.

    `changes` is what a person sees otherwise than in the parent, None if there is no parent. `broken` is what came with
    this version and fails its checks, `unknown` what could not be looked at: nobody knows whether that is broken.
    """

    checks: tuple[Check, ...]
    pictures: tuple[Picture, ...]
    kept: tuple[Screenshot, ...]
    report: bytes
    changes: VisibleChanges | None = None
    broken: tuple[Finding, ...] = ()
    unknown: frozenset[str] = frozenset()


class Checker:
    """The checks of one version; their browser starts while the site is still being edited."""

    def __init__(self, settings: WorkerSettings, programs: Programs, browser: BrowserRun) -> None:
        self._settings = settings
        self._programs = programs
        self._browser = browser
        self._pictures: list[Picture] = []

    async def check(self, public: Tree, changes: Changes, history: CheckHistory) -> Checked:
        """Check the site. Raises a PageWrightError only if the browser ended before it loaded any page."""
        browser = await self._browser.version()
        if not history.has_report:
            history = await self._observe_parent(history, browser)
        hashed = await asyncio.to_thread(digests, public)
        choice = await asyncio.to_thread(select, hashed, changes, history.pictures, history.records, browser)
        seen = await self._look(choice, public, self._browser, history)
        history = history.with_blocks({path: page.before for path, page in seen.items() if page.before})
        unknown = {path: page for path, page in seen.items() if path not in history.records}
        history = history.with_undated(unaudited_faults(seen, history.records))
        history = history.with_existing_faults(
            await asyncio.to_thread(existing_faults, unknown, hashed, changes, browser, history.rules.page_kilobytes)
        )
        history = history.with_existing_faults(await asyncio.to_thread(search_file_findings, history.parent))
        of_files = await asyncio.to_thread(search_file_findings, public)
        return await asyncio.to_thread(self._conclude, hashed, choice, seen, history, browser, of_files)

    async def _observe_parent(self, history: CheckHistory, browser: str) -> CheckHistory:
        """The history of a version whose parent has no report: load the parent's pages now."""
        hashed = await asyncio.to_thread(digests, history.parent)
        pages = select(hashed, Changes(), (), {}, browser).pages
        seen = await self._look(_all_of(pages), history.parent, None, history)
        found = await asyncio.to_thread(find, seen, hashed.keys(), {}, page_kilobytes=history.rules.page_kilobytes)
        number = history.references[0].number
        records = {
            path: PageRecord(page=page, closure=closure(page, hashed, browser), looked=number, text=page.text)
            for path, page in seen.items()
        }
        return history.with_parent_seen(found, records)

    async def _look(
        self, choice: Selection, public: Tree, warm: BrowserRun | None, history: CheckHistory
    ) -> dict[str, PageObservation]:
        """What the browser saw in the time there was; use the `warm` browser first."""
        before, added = await asyncio.to_thread(history.changed_files, public) if choice.compared else ({}, ())
        known = {path: history.records[path].page.blocks for path in choice.compared}
        time_limit = budget(self._settings.worker_check_seconds, len(choice.pages), choice.needed)
        schedule = PageSchedule(choice.pages, choice.needed, time_limit.tabs)
        started = time.monotonic()
        async with AsyncExitStack() as stack:
            while run := schedule.next():
                left = time_limit.less(time.monotonic() - started)
                if left.seconds <= 0:
                    break
                browser = warm
                if browser is None:
                    browser = await stack.enter_async_context(open_browser(self._settings, self._programs))
                warm = None
                times = (left.seconds, left.rest, left.end)
                task = BrowserTask(
                    run.pages, run.needed, choice.pictured, choice.compared, run.tabs, *times, known, added
                )
                ended = await browser.look(task, public, before)
                new = schedule.take(run, browser.lines, in_order=ended.exit_code == 0)
                _refuse_early_end(schedule, ended)
                self._pictures += _pictures(new, ended.tree)
        schedule.give_up()
        return schedule.seen

    def _conclude(
        self,
        hashed: Mapping[str, str],
        choice: Selection,
        seen: Mapping[str, PageObservation],
        history: CheckHistory,
        browser: str,
        of_files: tuple[Finding, ...],
    ) -> Checked:
        """The verdict, from what was seen now, what was found in files, and what the history knows."""
        kept = {path: record.page for path, record in (*choice.stale.items(), *choice.kept.items())}
        observed = kept | dict(seen)
        before = history.records.values()
        rules = history.rules
        findings = (*find(observed, hashed.keys(), texts(before), parts(before), rules.page_kilobytes), *of_files)
        dated = compare(findings, history.references, history.number, is_base_line=history.is_base_line, rules=rules)
        checks = (*verdict(dated, history.number, rules), *_coverage(hashed, choice, seen))
        records = _records(observed, hashed, choice, seen, dated, history, browser)
        report = Report(at=datetime.now(UTC), told=dated, pages=records)
        order = {page: place for place, page in enumerate(choice.pictured)}
        pictures = sorted(self._pictures, key=lambda picture: (order.get(picture.page, 0), picture.viewport))
        changes = version_changes(history, hashed, choice, seen)
        if changes:
            checks = (*checks, *told(changes))
        broken = tuple(one.finding for one in dated if one.failed and one.since == history.number)
        return Checked(
            checks, tuple(pictures), choice.shots, encode_report(report), changes, broken, _unknown(checks, findings)
        )


@asynccontextmanager
async def open_checker(settings: WorkerSettings, programs: Programs) -> AsyncIterator[Checker]:
    """Start a browser in a sandbox of its own."""
    async with open_browser(settings, programs) as browser:
        yield Checker(settings, programs, browser)


def _all_of(pages: tuple[str, ...]) -> Selection:
    """A selection of pages of a version that is there already: nothing is pictured or compared."""
    return Selection(pages, needed=len(pages), pictured=(), kept={}, stale={}, shots=(), compared=())


def _refuse_early_end(schedule: PageSchedule, ended: RunResult) -> None:
    """Raise if the browser ended before it began a page: then no page is to blame, but PageWright is."""
    if ended.exit_code != 0 and not schedule.began:
        with exit_diagnostics(ended, python_diagnostics(ended.error_output)):
            raise PageWrightError("The browser that checks the site stopped too early.", "Try again.")


def _coverage(files: Collection[str], choice: Selection, seen: Mapping[str, PageObservation]) -> tuple[Check, ...]:
    """A warning unless every page was observed; a page that the browser could not look at was not."""
    looked_at = choice.kept.keys() | {path for path, page in seen.items() if not page.unseen}
    finding = coverage(len(looked_at), sum(map(is_document, files)))
    return (Check(name=_COVERAGE, status=CheckStatus.WARNING, findings=(finding,)),) if finding else ()


def _unknown(checks: Iterable[Check], findings: Iterable[Finding]) -> frozenset[str]:
    """A sentence for each thing that was not looked at, and for how many pages were."""
    not_seen = {f"{one.check}: {sentence(one)}" for one in findings if one.weight is Weight.UNKNOWN}
    return frozenset(not_seen.union(*(check.findings for check in checks if check.name == _COVERAGE)))


def _records(
    observed: Mapping[str, PageObservation],
    hashed: Mapping[str, str],
    choice: Selection,
    seen: Collection[str],
    dated: Iterable[DatedFinding],
    history: CheckHistory,
    browser: str,
) -> tuple[PageRecord, ...]:
    """What the report says about each page, for the next version's checks."""
    lost = {one.finding.page for one in dated if one.finding.identity[::2] == ("content", "text") and one.failed}

    def record(page: PageObservation) -> PageRecord:
        if page.path in choice.kept:
            return choice.kept[page.path]
        if page.path not in seen:
            return choice.stale[page.path].model_copy(update={"closure": ""})
        old = history.records.get(page.path)
        text = old.text if old and (page.path in lost or page.error or page.unseen) else page.text
        bare = page.model_copy(update=_NOT_KEPT)
        new = PageRecord(page=bare, closure=closure(page, hashed, browser), looked=history.number, text=text)
        return new.model_copy(update={"lost": tuple(sorted((old.parts if old else frozenset()) - new.parts))})

    return within_room(record(page) for _, page in sorted(observed.items()))


def _pictures(seen: Iterable[PageObservation], report: Tree) -> list[Picture]:
    return [
        Picture(page.path, viewport, data)
        for page in seen
        for viewport, name in sorted(page.screenshots.items())
        if (data := report.get(name, b"")).startswith(_JPEG_START) and len(data) <= LARGEST_PICTURE
    ]
