"""The checks of whole sites by the real browser: a hostile page spoils at worst what is told of itself."""

from collections.abc import Mapping

import pytest

from shared.domain.manifest import Check, CheckStatus
from tests.support.checks_run import check_site

pytestmark = pytest.mark.usefixtures("sandbox")

_START = "<!doctype html><html lang=en><title>Bakery</title><meta name=description content=Bread>"
_HEAD = f"{_START}<h1>Fresh bread, every day</h1>"
_LONG = "x" * 5_000
HOSTILE = {
    "index.html": _HEAD,
    "inline.html": f"{_HEAD}<img alt=x src='data:image/png;base64,{'A' * 900}'>",
    "mailto.html": f"{_HEAD}<a href='mailto:a@b.example?body={_LONG}'>x</a><a href='/{_LONG}'>y</a>",
    "links.html": _HEAD + "".join(f"<a href=index.html?{n}#{n}>x</a>" for n in range(2_001)),
    "emoji.html": _HEAD + "<script>console.error('\\ud83e'); document.title = '\\ud83e'</script>",
    "title.html": _HEAD.replace("Bakery", _LONG),
    "errors.html": _HEAD + "<script>for (let n = 0; n < 60; n++) console.error('no ' + n + 'y'.repeat(900))</script>",
    "overridden.html": _HEAD + "<script>document.querySelectorAll = () => 7</script>",
    "mute.html": _HEAD + "<img alt=x src=https://x.invalid/1><script>throw new Error('E')</script>",
    "viewer.html": _HEAD + "<iframe src=menu.pdf></iframe>",
    "menu.pdf": "%PDF-1.4 and so on",
}


@pytest.fixture(scope="module")
def told() -> Mapping[str, Check]:
    """What is told of the hostile site, by check."""
    return {check.name: check for check in check_site({path: text.encode() for path, text in HOSTILE.items()}).checks}


def test_long_addresses_titles_and_half_an_emoji_are_no_fault(told: Mapping[str, Check]) -> None:
    for page in ("inline.html", "title.html", "index.html"):
        assert [text for check in told.values() for text in check.findings if text.startswith(page)] == []
    assert [text for text in told["console"].findings if "emoji" in text] == ["emoji.html: console error: ?"]


def test_links_beyond_the_limit_and_too_long_ones_are_told_as_not_checked(told: Mapping[str, Check]) -> None:
    unchecked = {text for text in told["links"].findings if text.startswith("Not checked")}
    assert "Not checked: links.html: 1 more link" in unchecked
    assert "Not checked: mailto.html: 1 more link" in unchecked


def test_all_errors_are_counted(told: Mapping[str, Check]) -> None:
    """50 of 60 travel; the others of the site are three."""
    assert told["console"].findings[-1] == f"and {60 + 2 - 20} more"


def test_a_page_that_overrides_what_a_look_needs_is_looked_at_all_the_same(told: Mapping[str, Check]) -> None:
    assert told["pages"] == Check(name="pages", status=CheckStatus.PASSED)


def test_an_image_of_another_host_silences_no_error(told: Mapping[str, Check]) -> None:
    assert told["console"].status is CheckStatus.FAILED
    assert "x.invalid" in told["other sites"].findings[0]


def test_a_document_that_goes_to_a_viewer_is_no_failed_request(told: Mapping[str, Check]) -> None:
    assert told["requests"] == Check(name="requests", status=CheckStatus.PASSED)


def test_pages_that_send_people_on_or_are_filled_late_are_not_empty() -> None:
    """Nor is a document that the browser saves instead of showing a fault."""
    for home in (
        "<!doctype html><meta http-equiv=refresh content='0; url=/en.html'>",
        "<!doctype html><script>location.replace('/en.html')</script>",
        f"{_START}<body><script>setTimeout(() => {{ document.body.textContent = 'Bread' }}, 300)</script>",
    ):
        site = {"index.html": home, "en.html": _HEAD, "map.kml": "<kml/>", "feed.rss": "<rss/>"}
        checked = check_site({path: text.encode() for path, text in site.items()})
        assert {check.status for check in checked.checks} == {CheckStatus.PASSED}, checked.checks


def test_a_page_that_hangs_is_told_and_the_others_are_looked_at() -> None:
    """One is busy for ever once it has loaded; a site that takes all the time there is still gets its verdict."""
    site = {"index.html": _HEAD, "after.html": f"{_HEAD}<a href=/gone.html>x</a>"}
    site["busy.html"] = _HEAD + "<script>addEventListener('load', () => setTimeout(() => { while (true); }))</script>"
    checked = check_site({path: text.encode() for path, text in site.items()}, worker_check_seconds=12)
    told = {check.name: check for check in checked.checks}
    assert [text for text in told["pages"].findings if not text.startswith("Not checked: busy.html: ")] == []
    assert told["pages"].status is CheckStatus.WARNING
    assert told["links"].findings == ("after.html: the link /gone.html leads nowhere",)
    assert told["coverage"].findings == ("2 of 3 pages were looked at",)
