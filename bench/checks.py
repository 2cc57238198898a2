"""What an edit costs on sites of different sizes, and how far the checks of a very large site get.

Run it on a quiet machine: `.venv/bin/python -m bench.checks [EDITS]`. It starts a local system of its own, imports
sites of 5 and of 160 pages, and edits a page of each in turn, so that both meet the same load. Then the checks look at
1,200 pages as an import, and at one of them as an edit. All is measured in one run; the ratios are what counts.
"""

import io
import statistics
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from bench.edit_pipeline import browser_floor, codex_floor, edit_times
from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.report import decode_report
from daemons.worker.checks.run import Checked
from shared.domain.tree import Tree, compare
from tests.support.checks_run import FIRST, after, check_site
from tests.support.local_system import LocalSystem, running_local_system

_SMALL, _LARGE, _HUGE = 5, 160, 1_200
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


def huge_site() -> None:
    """Print how far the checks of a very large site get, and what its edit costs."""
    site = site_of(_HUGE - 1)
    imported, first = _timed(site, {}, FIRST)
    report = decode_report(first.report)
    assert report
    edited, _ = _timed(site | {"p7.html": site["p8.html"]}, site, after(first))
    print(f"{_HUGE:,} pages imported: looked at {len(report.pages):,} in {imported:.1f} s")
    print(f"  report {len(first.report) / 2**20:.2f} MiB; one page edited: {edited:.1f} s with the browser's start")


def main() -> None:
    """Measure and print."""
    edits = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    seconds = edits_in_turn(edits)
    small, large = (statistics.median(seconds[pages]) for pages in (_SMALL, _LARGE))
    floor = codex_floor(edits) + browser_floor(edits)
    print(f"edit on {_SMALL} pages    {small:6.2f} s\nedit on {_LARGE} pages  {large:6.2f} s")
    print(f"ratio {_LARGE} to {_SMALL} pages        {large / small:6.2f}  (at most 1.5)")
    print(f"ratio to Codex and browser     {small / floor:6.2f}  (at most 1.5)")
    huge_site()


if __name__ == "__main__":
    main()
