"""The report of a version's checks, as it is stored."""

import zlib
from datetime import UTC, datetime

from daemons.worker.checks.finding import Finding
from daemons.worker.checks.report import PageRecord, Report, decode_report, encode_report, texts, within_room
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


def test_blocks_for_which_there_is_no_room_are_left_out() -> None:
    (record,) = REPORT.pages
    kept = within_room([record.with_blocks("x" * size) for size in (5, 3, 4, 0)], room=8)
    assert [len(one.page.blocks) for one in kept] == [5, 3, 0, 0]
    assert [one.closure for one in kept] == ["c"] * 4, "these pages need not be looked at again before they change"
