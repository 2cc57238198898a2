"""The report of an import: sentences for owners, and a value from the sandbox in which nothing is trusted."""

import pytest
from pydantic import ValidationError

from daemons.worker.importing.report import ImportReport, Note, Topic
from daemons.worker.importing.root import Reason
from shared.domain.manifest import CheckStatus

_NAMES = [f"src/{number:02}.js" for number in range(40)]
_REPORT = ImportReport(
    files=148,
    root="dist",
    reason=Reason.ONLY,
    notes=(*Note.about(Topic.OUTSIDE, _NAMES), *Note.about(Topic.RENAMED, ["Default.htm is index.html now"])),
)


def test_the_answer_is_short_and_the_check_is_whole() -> None:
    assert _REPORT.answer().splitlines() == [
        "Your site is imported: 148 files.",
        "Folder kept: dist/ (it holds the only home page).",
        "Left out, because beside the folder that became the site: src/00.js, src/01.js, src/02.js and 37 more.",
        "Renamed: Default.htm is index.html now.",
    ]
    check = _REPORT.check()
    assert (check.name, check.status) == ("import", CheckStatus.WARNING)
    assert check.findings[1].endswith("src/19.js and 20 more.")
    assert check.findings[2] == "Renamed: Default.htm is index.html now."


def test_an_import_without_surprises_passes() -> None:
    report = ImportReport(files=1_234, root="", reason=Reason.TOP, notes=())
    assert report.answer() == "Your site is imported: 1,234 files."
    assert (report.check().status, report.check().findings) == (CheckStatus.PASSED, ())


def test_it_crosses_the_border_unchanged() -> None:
    assert ImportReport.model_validate_json(_REPORT.model_dump_json()) == _REPORT
    assert ImportReport.model_validate(_REPORT.model_dump(mode="json")) == _REPORT


@pytest.mark.parametrize(
    "change",
    [
        {"files": "148"},
        {"files": -1},
        {"root": "x" * 600},
        {"reason": "because"},
        {"more": 1},
        {"notes": [{"topic": "lies", "count": 1, "names": []}]},
        {"notes": [{"topic": "hidden", "count": 1, "names": ["x"] * 21}]},
        {"notes": [{"topic": "hidden", "count": 1, "names": ["x" * 301]}]},
        {"notes": [{"topic": "hidden", "count": True, "names": []}]},
        {"notes": [{"topic": "hidden", "count": 1, "names": []}] * 30},
    ],
    ids=str,
)
def test_what_a_hostile_program_says_is_no_report(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ImportReport.model_validate(_REPORT.model_dump(mode="json") | change)


def test_names_can_not_break_a_line() -> None:
    report = ImportReport(
        files=1, root="a\nb", reason=Reason.ASKED, notes=tuple(Note.about(Topic.HIDDEN, [".\x1b[31m"]))
    )
    assert all(finding.isprintable() for finding in report.check().findings)
