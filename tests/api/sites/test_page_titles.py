"""Titles of pages, from the report of a version's checks."""

import zlib
from datetime import UTC, datetime

import pytest

from daemons.api.sites.page_titles import titles_in
from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.report import PageRecord, Report, encode_report


def report(titles: dict[str, str]) -> bytes:
    pages = [PageObservation(path=path, title=title) for path, title in titles.items()]
    records = tuple(PageRecord(page=page, closure="", looked=1, text=0) for page in pages)
    return encode_report(Report(at=datetime.now(UTC), told=(), pages=records))


def test_a_title_names_a_page_unless_others_have_it_too() -> None:
    titles = {"index.html": "Mira’s  Bakery", "about.html": "About us", "a.html": "Untitled", "b.html": "Untitled"}
    assert titles_in(report(titles | {"c.html": ""})) == {"index.html": "Mira’s Bakery", "about.html": "About us"}
    assert len(titles_in(report({"index.html": "x" * 300}))["index.html"]) == 80


@pytest.mark.parametrize("data", [b"", b"a report", zlib.compress(b"[]"), zlib.compress(b'{"pages": [{"page": 1}]}')])
def test_what_is_no_report_has_no_titles(data: bytes) -> None:
    assert titles_in(data) == {}
