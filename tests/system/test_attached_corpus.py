"""Every kind of attached file through every door: page, API, command line; from a person to what is in the site.

A few of them in each run, all thirty by `make test-attachments`.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from shared.domain.errors import InvalidInput
from tests.cli.conftest import CommandLine
from tests.support.attached_files import HOSTILE, PLACE, SAMPLES, Sample
from tests.support.browser import BrowserThread
from tests.support.local_system import LocalSystem

pytestmark = pytest.mark.xdist_group("practice-system")

MESSAGE = "Put the files on the home page"
_SHORT = ("IMG_2034.HEIC", "script.svg", "script.pdf", "scan.jpg", "holiday.jpg")
FEW = tuple(sample for sample in SAMPLES if sample.name in _SHORT)
LONG = 180_000
OWNER = "owner@localhost"

# What a door does with files: it gives the job, or the sentence with which a file was refused at once.
Door = Callable[[LocalSystem, str, Sequence[Path]], dict[str, Any] | str]


@pytest.fixture(params=["page", "api", "command-line"])
def door(request: pytest.FixtureRequest, bare_line: CommandLine, in_browser: BrowserThread) -> Door:
    """A way in."""

    def by_page(system: LocalSystem, site: str, files: Sequence[Path]) -> dict[str, Any] | str:
        return in_browser(lambda browser: _with_page(browser, system, site, files))

    def by_api(system: LocalSystem, site: str, files: Sequence[Path]) -> dict[str, Any] | str:
        try:
            ids = [system.client.upload(site, file)["id"] for file in files]
        except InvalidInput as refused:
            return refused.detail
        return system.finish(system.ask(site, MESSAGE, attachments=ids), 300)

    def by_command_line(system: LocalSystem, site: str, files: Sequence[Path]) -> dict[str, Any] | str:
        words = [word for file in files for word in ("--attach", os.fspath(file))]
        before = len(system.client.get("/jobs", site=site)["items"])
        done = bare_line.run("edit", site, MESSAGE, *words, timeout=300)
        jobs = system.client.get("/jobs", site=site)["items"]
        return dict(jobs[0]) if len(jobs) > before else done.stderr

    return {"page": by_page, "api": by_api, "command-line": by_command_line}[request.param]


@pytest.fixture
def bare_line(local_system: LocalSystem, tmp_path: Path) -> CommandLine:
    """`pagewright` for the system's owner."""
    token = local_system.client.post("/tokens", {"name": "corpus"})["token"]
    environment = {"PATH": os.defpath, "HOME": os.fspath(tmp_path), "LANG": "C.UTF-8"}
    address = {"PAGEWRIGHT_URL": local_system.url, "PAGEWRIGHT_TOKEN": token}
    return CommandLine(environment | address, tmp_path)


def _with_page(browser: Browser, system: LocalSystem, site: str, files: Sequence[Path]) -> dict[str, Any] | str:
    """As a person does it: choose the files, say what to do, send."""
    before = len(system.client.get("/jobs", site=site)["items"])
    expect.set_options(timeout=LONG)
    page = browser.new_page()
    try:
        page.goto(system.client.post("/sign-in-links", {"email": OWNER})["sign_in_link"])
        page.get_by_role("button", name="Continue to PageWright").click()
        page.get_by_role("heading", name="Sites").wait_for()
        page.goto(f"{system.url}/sites/{site}?tab=chat")
        page.locator("[data-attach]").first.set_input_files(files)
        expect(page.locator(".composer [data-attached]:not([data-state=sending])")).to_have_count(len(files))
        refused = page.locator(".composer [data-attached][data-state=refused] [data-why]")
        if refused.count():
            return refused.first.inner_text()
        page.get_by_label("What should be changed?").fill(MESSAGE)
        page.get_by_label("What should be changed?").press("Enter")
        expect(page.locator(".composer [data-attached]")).to_have_count(0)
        expect(page.locator("#unsent .unsent")).to_have_count(0)
    finally:
        page.close()
    jobs = system.client.get("/jobs", site=site)["items"]
    assert len(jobs) == before + 1
    return system.finish(jobs[0], 300)


@pytest.mark.parametrize(
    "samples", [pytest.param(FEW, id="few"), pytest.param(SAMPLES, id="all", marks=pytest.mark.corpus)]
)
def test_files_become_what_they_should(
    local_system: LocalSystem, door: Door, samples: Sequence[Sample], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    site = "corpus-" + request.node.callspec.id.replace("-", "")[:30]
    local_system.new_site(site)
    for sample in samples:
        (tmp_path / sample.name).write_bytes(sample.data)
    for sample in (one for one in samples if one.refused):
        outcome = door(local_system, site, [tmp_path / sample.name])
        assert isinstance(outcome, str) == sample.early, sample.name
        told = outcome if isinstance(outcome, str) else outcome["error"]["detail"]
        assert sample.name in told and sample.refused in told
    good = [sample for sample in samples if not sample.refused]
    for start in range(0, len(good), 10):
        some = good[start : start + 10]
        job = door(local_system, site, [tmp_path / sample.name for sample in some])
        assert isinstance(job, dict) and job["version"], job
        _check_version(local_system, site, job["version"], some)


def _check_version(system: LocalSystem, site: str, number: int, samples: Sequence[Sample]) -> None:
    """The files are in the version under their names, and nothing that had to go is in them."""
    version = system.client.get(f"/sites/{site}/versions/{number}")
    added = {change["path"].rpartition("/")[2]: change for change in version["files"]["added"]}
    assert set(added) == {sample.becomes for sample in samples}
    for sample in samples:
        change = added[sample.becomes]
        target = Path(system.folder.root) / f"{site}-{number}-{sample.becomes}"
        system.client.download(f"/sites/{site}/versions/{number}/files/{change['path']}", target, change["after"])
        assert [left for left in (PLACE, *HOSTILE) if left in target.read_bytes()] == [], sample.name
        target.unlink()
