"""What an edit costs on sites of different sizes, and what memory the checks of very large sites take.

Run it on a quiet machine: `.venv/bin/python -m bench.checks [EDITS]`. It starts a local system of its own, imports
sites of 4 and of 400 pages, and edits a page of each in turn, so that both meet the same load. Then the checks look at
400 and at 2,000 pages as an import, and at one of them as an edit, each in a process of its own. All is measured in one
run; the ratios are what counts.
"""

import io
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

from bench.edit_pipeline import browser_floor, codex_floor, edit_times
from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.report import decode_report
from daemons.worker.checks.run import Checked
from shared.domain.tree import Tree, compare, digests
from tests.support.checks_run import FIRST, after, check_site
from tests.support.local_system import LocalSystem, running_local_system

_SMALL, _LARGE, _HUGE = 4, 400, 2_000
_PARAGRAPH = "<p>Chooses what is drawn on, and how large it is, in points.</p>"
_STYLE = b"body { font: 16px sans-serif; color: #333 }"


def site_of(pages: int) -> Tree:
    """A manual: each page links to the home page and to its neighbours."""

    def page(number: int) -> bytes:
        links = "".join(
            f"<a href=p{other % pages}.html>Page {other % pages}</a> " for other in range(number, number + 20)
        )
        head = f"<!doctype html><html lang=en><title>Page {number}</title><link rel=stylesheet href=style.css>"
        return f"{head}<h1>Page {number}</h1><a href=index.html>Home</a> {links}{_PARAGRAPH * 40}</html>\n".encode()

    return {"index.html": page(0), "style.css": _STYLE} | {f"p{number}.html": page(number) for number in range(pages)}


def import_site(system: LocalSystem, name: str, site: Tree) -> None:
    """Import a site and wait until it is a version."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in site.items():
            archive.writestr(path, data)
    with tempfile.TemporaryDirectory() as folder:
        upload = Path(folder, "site.zip")
        upload.write_bytes(target.getvalue())
        job = system.finish(system.client.import_site({"name": name, "title": name}, upload)["job"], 400)
    assert job["state"] == "succeeded", job


def edits_in_turn(edits: int) -> dict[int, list[float]]:
    """Seconds of each edit by the size of its site."""
    seconds: dict[int, list[float]] = {_SMALL: [], _LARGE: []}
    with running_local_system() as system:
        for pages in seconds:
            import_site(system, f"pages-{pages}", site_of(pages - 1))
            edit_times(system, 1, f"pages-{pages}")
        for number in range(edits):
            for pages, taken in seconds.items():
                started = time.perf_counter()
                system.edit(f"pages-{pages}", f'Change the headline to "Measured again {number}"')
                taken.append(time.perf_counter() - started)
    return seconds


def _timed(site: Tree, previous: Tree, before: CheckHistory) -> tuple[float, Checked]:
    started = time.perf_counter()
    checked = check_site(site, compare(previous, site), before)
    return time.perf_counter() - started, checked


@dataclass(frozen=True)
class Cost:
    """What the checks of a site took as an import and as an edit of one page; memory in MiB, at its most."""

    pages: int
    looked_at: int
    report: float
    imported: float
    edited: float
    memory: float
    browser_memory: float


def cost_of(pages: int) -> Cost:
    """Check a site of so many pages; call it in a process of its own, because memory at its most never falls."""
    site = site_of(pages - 1)
    imported, first = _timed(site, {}, FIRST)
    report = decode_report(first.report)
    assert report
    known = replace(after(first), parent=site, files=digests(site))
    edited, _ = _timed(site | {"p1.html": site["p2.html"]}, site, known)
    own, others = (getrusage(who).ru_maxrss / 1024 for who in (RUSAGE_SELF, RUSAGE_CHILDREN))
    return Cost(pages, len(report.pages), len(first.report) / 2**20, imported, edited, own, others)


def costs(sizes: Sequence[int]) -> Iterator[Cost]:
    """The cost of each size."""
    for pages in sizes:
        with ProcessPoolExecutor(1, get_context("spawn")) as process:
            yield process.submit(cost_of, pages).result()


def main() -> None:
    """Measure and print."""
    edits = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    seconds = edits_in_turn(edits)
    small, large = (statistics.median(seconds[pages]) for pages in (_SMALL, _LARGE))
    floor = codex_floor(edits) + browser_floor(edits)
    print(f"edit on {_SMALL} pages    {small:6.2f} s\nedit on {_LARGE} pages  {large:6.2f} s")
    print(f"ratio {_LARGE} to {_SMALL} pages        {large / small:6.2f}  (at most 1.3)")
    print(f"ratio to Codex and browser     {small / floor:6.2f}  (at most 1.5)")
    for cost in costs((_SMALL, _LARGE, _HUGE)):
        print(f"{cost.pages:,} pages imported: looked at {cost.looked_at:,} in {cost.imported:.1f} s")
        print(f"  report {cost.report:.2f} MiB; one page edited: {cost.edited:.1f} s with the browser's start")
        print(
            f"  memory of the worker {cost.memory:.0f} MiB, of the browser's largest process {cost.browser_memory:.0f}"
        )


if __name__ == "__main__":
    main()
