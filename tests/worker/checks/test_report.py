"""The report of a version's checks, as it is stored."""

import zlib
from datetime import UTC, datetime

from daemons.worker.checks.findings import Finding
from daemons.worker.checks.report import PageRecord, Report, decode_report, encode_report, texts
from daemons.worker.checks.verdict import DatedFinding
from tests.support.observations import addresses, page

LINK = Finding(check="links", page="index.html", subject="/gone.html", text="the link /gone.html leads nowhere")
REPORT = Report(
    at=datetime(2026, 1, 1, tzinfo=UTC),
    told=(DatedFinding(finding=LINK, since=2, failed=True),),
    pages=(PageRecord(page=page(links=addresses("/gone.html")), closure="c", looked=3, text=300),),
)


def test_what_is_stored_comes_back() -> None:
    back = decode_report(encode_report(REPORT))
    assert back == REPORT
    assert back.past() == {LINK.identity: (2, True)}
    assert texts(back.records.values()) == {"index.html": 300}


def test_what_another_release_wrote_or_is_cut_off_is_no_report() -> None:
    for data in (
        b"",
        b"x",
        encode_report(REPORT)[:-9],
        zlib.compress(b"{}"),
        zlib.compress(b'{"format": 9, "new": 1}'),
    ):
        assert decode_report(data) is None
