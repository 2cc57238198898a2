"""What is found on a page that nobody had looked at before, and that is as it was, is an old fault."""

from datetime import UTC, datetime

from daemons.worker.checks.audit import AuditedPicture, PageAudit
from daemons.worker.checks.existing_faults import existing_faults, unaudited_faults
from daemons.worker.checks.findings import find
from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.observation import PageObservation
from daemons.worker.checks.report import PageRecord, Report
from daemons.worker.checks.verdict import Reference, compare, verdict
from shared.domain.manifest import Check, CheckStatus
from shared.domain.problem_changes import since_live, since_parent
from shared.domain.tree import Tree, digests
from shared.domain.tree import compare as changes_of
from tests.support.manifests import version_of
from tests.support.observations import addresses, found, page

OLD: Tree = {"index.html": b"home", "late.html": b"late", "a.css": b"a", "about.html": b"about"}
LATE = page(
    path="late.html",
    loads=addresses("/late.html", "/a.css", "/none.js"),
    links=addresses("/about.html", "/gone.html"),
)


def _failed(new: Tree, late: PageObservation = LATE) -> set[str]:
    """The subjects of what counts against a version whose parent had not looked at the late page."""
    seen, files = {"late.html": late}, digests(new)
    before = CheckHistory(2, (Reference(1, {}),)).with_existing_faults(
        existing_faults(seen, files, changes_of(OLD, new), "156")
    )
    found = find(seen, files.keys(), {})
    told = compare(found, before.references, 2, is_base_line=False)
    return {one.finding.subject for one in told if one.failed}


def test_faults_of_an_untouched_page_are_old() -> None:
    assert _failed(OLD | {"index.html": b"new"}) == set()


def test_what_the_edit_broke_on_it_is_new() -> None:
    assert _failed({path: data for path, data in OLD.items() if path != "about.html"}) == {"/about.html"}


def test_a_page_that_was_touched_or_loads_what_was_touched_is_new() -> None:
    for changed in ({"late.html": b"x"}, {"a.css": b"x"}, {"none.js": b"x"}):
        assert _failed(OLD | changed) == {"/gone.html"}


def test_a_page_whose_loads_are_not_all_known_is_new() -> None:
    assert _failed(OLD, LATE.model_copy(update={"loads": addresses("/", total=9_000)})) == {"/gone.html"}


_PICTURE = AuditedPicture(
    address="/a.png", selector="img", box=(0, 0, 9, 9), is_named=False, natural=(9, 9), drawn=(9, 9)
)
_AUDITED = page("index.html", title="Bakery", audit=PageAudit(language="", pictures=(_PICTURE,)))


def _upgraded(seen: PageObservation, parent: PageObservation) -> CheckHistory:
    """Version 2, whose parent was looked at as `parent`, and then what version 3 knows after version 2 was `seen`."""
    record = PageRecord(page=parent, closure="", looked=1, text=300)
    before = CheckHistory(2, (Reference(1, {}),), {"index.html": record})
    return before.with_undated(unaudited_faults({"index.html": seen}, before.records))


def _checks(history: CheckHistory, seen: PageObservation) -> dict[str, Check]:
    told = compare(found(seen), history.references, history.number, is_base_line=False)
    return {check.name: check for check in verdict(told, history.number)}


def test_an_upgrade_blocks_nothing() -> None:
    """A release that did not audit pages looked at the parent, and at the live version before it."""
    version = version_of(2, checks=tuple(_checks(_upgraded(_AUDITED, page()), _AUDITED).values()))
    assert [check.name for check in version.checks if check.status is CheckStatus.FAILED] == []
    told = [text for check in version.checks for text in check.findings if "/a.png" in text]
    assert [text.partition(": index.html: the picture /a.png has no description")[0] for text in told] == [
        "at the latest in version 2"
    ]
    for live in (None, version_of(1)):
        changes = since_live(version, live)
        assert (changes.blocking, [one.address for one in changes.old]) == ((), ["/a.png"])
    assert since_parent(version, version_of(1)).blocking == ()


def test_what_came_after_an_audit_is_new() -> None:
    good = page("index.html", title="Bakery", audit=PageAudit(language="en", has_description=True))
    checks = _checks(_upgraded(_AUDITED, good), _AUDITED)
    assert checks["alternative text"].status is CheckStatus.FAILED


def test_a_later_version_still_does_not_know_how_old_it_is() -> None:
    told = compare(found(_AUDITED), _upgraded(_AUDITED, page()).references, 2, is_base_line=False)
    report = Report(at=datetime.now(UTC), told=told, pages=())
    later = CheckHistory(3, (Reference(2, report.past(), undated=report.undated()),))
    assert _checks(later, _AUDITED)["alternative text"].findings[0].startswith("at the latest in version 2: ")
