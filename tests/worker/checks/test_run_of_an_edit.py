"""The checks of an edit by the real browser: only what changed is looked at, and only what is new fails."""

import dataclasses

import pytest

from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.report import decode_report
from daemons.worker.checks.run import Checked
from daemons.worker.checks.verdict import Reference
from shared.domain.manifest import Check, CheckStatus
from shared.domain.tree import Tree, compare, digests
from tests.support.checks_run import FIRST, after, check_site

pytestmark = pytest.mark.usefixtures("sandbox")

_HEAD = "<!doctype html><html lang=en><title>Bakery</title><link rel=stylesheet href=/style.css><h1>Fresh bread</h1>"
_TEXT = "<p>" + "Rye, spelt and wheat. " * 30
_LINKS = "<a href=/about.html#team>Team</a><a href=/about>About</a><a href=/gone.html>Gone</a>"
_PAGES = {
    "index.html": f"{_HEAD}{_LINKS}<iframe src=/plain></iframe>",
    "about.html": f"{_HEAD}<h2 id=team>Team</h2>{_TEXT}",
    "plain.html": _HEAD,
    "late.html": f"{_HEAD}<script>fetch('/prices.json').then(answer => answer.json())</script>",
    "worker.html": f"{_HEAD}<script>navigator.serviceWorker.register('/sw.js')</script>",
    "404.html": "<!doctype html><title>Gone</title><link rel=stylesheet href=style.css><p>No such page.",
    "ABOUT-US.HTML": f"{_HEAD}<script>throw new Error('upper case')</script>",
    "style.css": "h1 { color: brown }",
    "prices.json": "{}",
    "sw.js": "self.addEventListener('fetch', () => {})",
    "logo.png": "no picture",
    "sitemap.xml": "<urlset><url><loc>https://tea.example/</loc></url><url><loc>https://tea.example/gone</loc></url></urlset>",
}
SITE: Tree = {path: text.encode() for path, text in _PAGES.items()}
BASE_LINE = dataclasses.replace(FIRST, is_base_line=True)


@pytest.fixture(scope="module")
def first() -> Checked:
    """The site as it was imported."""
    return check_site(SITE, before=BASE_LINE)


def _by_name(checked: Checked) -> dict[str, Check]:
    return {check.name: check for check in checked.checks}


def _looked_at(checked: Checked, number: int) -> list[str]:
    report = decode_report(checked.report)
    assert report
    return [record.page.path for record in report.pages if record.looked == number]


def _edit(first: Checked, **changed: bytes | None) -> Checked:
    """Version 2, with these files written (`None`: removed); `_` stands for a dot."""
    files = {name.replace("_", "."): data for name, data in changed.items()}
    site = {path: data for path, data in (SITE | files).items() if data is not None}
    return check_site(site, compare(SITE, site), after(first))


def test_an_import_is_a_list_to_work_off(first: Checked) -> None:
    checks = _by_name(first)
    assert {check.status for check in checks.values()} <= {CheckStatus.PASSED, CheckStatus.WARNING}
    assert checks["links"].findings == ("index.html: the link /gone.html leads nowhere",)
    assert checks["console"].findings == ("ABOUT-US.HTML: script error: upper case",)
    assert [text.split(" is relative")[0] for text in checks["missing page"].findings] == [
        "404.html: the address style.css"
    ]
    assert "sitemap.xml: it lists https://tea.example/gone, which is missing" in checks["search engines"].findings
    assert "anchors" not in checks
    assert "coverage" not in checks


def test_a_page_is_known_by_all_that_it_loads(first: Checked) -> None:
    report = decode_report(first.report)
    assert report
    loads = {path: set(record.page.loads.items) for path, record in report.records.items()}
    assert {"/late.html", "/style.css", "/prices.json"} <= loads["late.html"]
    assert "/sw.js" in loads["worker.html"]


def test_only_the_changed_page_is_looked_at_and_old_faults_are_warnings(first: Checked) -> None:
    edited = _edit(first, about_html=SITE["about.html"].replace(b"Rye", b"Oats", 1))
    assert _looked_at(edited, 2) == ["about.html"]
    assert {picture.page for picture in edited.pictures} == {"about.html"}
    checks = _by_name(edited)
    assert {check.status for check in checks.values()} <= {CheckStatus.PASSED, CheckStatus.WARNING}
    assert checks["links"].findings == ("already in version 1: index.html: the link /gone.html leads nowhere",)


def test_a_parent_of_an_older_release_is_looked_at_first(first: Checked) -> None:
    """It has no report, and its record lists some faults only; then the edit costs what an edit costs."""
    site = SITE | {
        "about.html": SITE["about.html"].replace(b"Rye", b"Oats", 1),
        "late.html": b"<html lang=en><title>Late</title>",
    }
    edited = check_site(
        site,
        compare(SITE, site),
        CheckHistory(2, (Reference(1, {}),), pictures=after(first).pictures, has_report=False, parent=SITE),
    )
    assert _looked_at(edited, 2) == ["about.html", "late.html"]
    checks = _by_name(edited)
    assert checks["links"].status is CheckStatus.WARNING
    old = "already in version 1: sitemap.xml: it lists https://tea.example/gone, which is missing"
    assert old in checks["search engines"].findings
    assert checks["content"].findings == ("late.html: nearly all of its text is gone: 0 of 11 characters are left",)


def test_what_pages_load_makes_them_new(first: Checked) -> None:
    edited = _edit(first, prices_json=b'{"rye": 3}', sw_js=b"// nothing", logo_png=b"new")
    assert _looked_at(edited, 2) == ["late.html", "worker.html"]


def test_links_and_places_of_untouched_pages_are_judged_anew(first: Checked) -> None:
    """Nobody loads the home page again, and its link has become a dead one."""
    moved = _by_name(_edit(first, about_html=SITE["about.html"].replace(b"id=team", b"id=people")))
    assert moved["anchors"].findings == ("index.html: the link /about.html#team leads to a page without this place",)
    gone = _by_name(_edit(first, about_html=None))
    assert gone["links"].status is CheckStatus.FAILED
    assert gone["links"].findings[0] == "index.html: the link /about.html leads nowhere"


def test_a_deleted_or_emptied_home_page_blocks(first: Checked) -> None:
    for data in (None, b"<!doctype html><title>Bakery</title>"):
        assert _by_name(_edit(first, index_html=data))["home page"].status is CheckStatus.FAILED


def test_a_page_that_lost_its_text_blocks_until_it_is_back(first: Checked) -> None:
    site = SITE | {"about.html": b"<!doctype html><title>About</title><p>Soon."}
    second = check_site(site, compare(SITE, site), after(first))
    assert _by_name(second)["content"].status is CheckStatus.FAILED
    other = site | {"late.html": SITE["about.html"]}
    third = check_site(other, compare(site, other), after(second, 2))
    assert _by_name(third)["content"].status is CheckStatus.FAILED
    mended = other | {"about.html": SITE["about.html"]}
    assert "content" not in _by_name(check_site(mended, compare(other, mended), after(third, 3)))


@pytest.mark.parametrize("has_blocks", [True, False])
def test_what_changed_is_told_also_if_the_parent_s_report_has_no_blocks(first: Checked, has_blocks: bool) -> None:
    """An older release made it, or there was no room for them: its page is read again."""
    before = after(first)
    records = {path: one if has_blocks else one.with_blocks("") for path, one in before.records.items()}
    known = dataclasses.replace(before, records=records, files=digests(SITE), parent=SITE)
    site = SITE | {"about.html": SITE["about.html"].replace(b"<h1>Fresh bread", b"<h1>Warm rolls")}
    (told,) = (check for check in check_site(site, compare(SITE, site), known).checks if check.name == "changes")
    assert told.findings == ("about.html: Headline: “Fresh bread” → “Warm rolls”",)
