"""The verdict: what was found, compared with the versions before."""

from daemons.worker.checks.finding import Finding, Weight
from daemons.worker.checks.findings import find
from daemons.worker.checks.observation import (
    AddressList,
    LostRequest,
    LostRequests,
    PageObservation,
    ScriptError,
    ScriptErrors,
)
from daemons.worker.checks.verdict import ALWAYS, DatedFinding, Reference, compare, verdict
from shared.domain.check_rules import USUAL_RULES, CheckRules, Severity
from shared.domain.manifest import Check, CheckStatus
from shared.domain.problem import problems_of
from tests.support.observations import addresses, errors, found, page

LINK = Finding(check="links", page="index.html", subject="/gone.html", text="the link /gone.html leads nowhere")
EMPTY = Finding(check="home page", page="index.html", subject="empty", text="it is empty", weight=Weight.GRAVE)
HINT = Finding(check="anchors", page="index.html", subject="/#x", text="no such place", weight=Weight.HINT)


def _reference(*findings: Finding, number: int = 1, failed: bool = True, is_live: bool = False) -> Reference:
    return Reference(number, {one.identity: (number, failed) for one in findings}, is_live=is_live)


def _checks(
    *findings: Finding,
    past: tuple[Reference, ...] = (),
    number: int = 2,
    is_base_line: bool = False,
    rules: CheckRules = USUAL_RULES,
) -> dict[str, Check]:
    told = compare(findings, past, number, is_base_line=is_base_line, rules=rules)
    return {check.name: check for check in verdict(told, number, rules)}


def test_every_check_that_was_made_is_told() -> None:
    checks = _checks()
    assert list(checks) == list(ALWAYS)
    assert all(check.status is CheckStatus.PASSED for check in checks.values())


def test_a_new_fault_fails() -> None:
    assert _checks(LINK)["links"] == Check(
        name="links", status=CheckStatus.FAILED, findings=("index.html: the link /gone.html leads nowhere",)
    )


def test_an_old_fault_is_a_warning_that_says_since_when() -> None:
    check = _checks(LINK, past=(_reference(LINK, number=1),))["links"]
    assert check.status is CheckStatus.WARNING
    assert check.findings == ("already in version 1: index.html: the link /gone.html leads nowhere",)


def test_a_fault_of_the_live_version_is_old_too() -> None:
    """Its parent mended it, and this version goes back to how visitors see it."""
    past = (_reference(number=3), _reference(LINK, number=2, is_live=True))
    assert _checks(LINK, past=past, number=4)["links"].status is CheckStatus.WARNING


def test_a_fault_keeps_its_age() -> None:
    told = compare([LINK], (Reference(4, {LINK.identity: (2, True)}),), 5, is_base_line=False)
    assert (told[0].since, told[0].failed) == (2, False)


def test_a_new_fault_beside_an_old_one_fails_and_comes_first() -> None:
    other = LINK.model_copy(update={"subject": "/lost.html", "text": "the link /lost.html leads nowhere"})
    check = _checks(LINK, other, past=(_reference(LINK),))["links"]
    assert check.status is CheckStatus.FAILED
    assert [text.startswith("already in") for text in check.findings] == [False, True]


def test_an_import_is_the_base_line() -> None:
    checks = _checks(LINK, EMPTY, number=1, is_base_line=True)
    assert {name for name, check in checks.items() if check.status is CheckStatus.WARNING} == {"links", "home page"}
    assert checks["links"].findings == ("index.html: the link /gone.html leads nowhere",)


def test_a_page_that_visitors_miss_fails_until_it_is_back() -> None:
    """Otherwise the next edit would publish what was blocked."""
    check = _checks(EMPTY, past=(_reference(EMPTY, number=2),), number=3)["home page"]
    assert check.status is CheckStatus.FAILED
    assert check.findings == ("still as in version 2: index.html: it is empty",)


def test_a_page_that_visitors_miss_is_old_once_it_is_live_or_was_accepted() -> None:
    for past in (_reference(EMPTY, is_live=True), _reference(EMPTY, failed=False)):
        assert _checks(EMPTY, past=(past,))["home page"].status is CheckStatus.WARNING


def test_a_version_without_report_is_compared_by_its_sentences() -> None:
    listed = {("links", "index.html: the link /gone.html leads nowhere"): True}
    assert _checks(LINK, past=(Reference(1, {}, listed),))["links"].status is CheckStatus.WARNING


def test_hints_never_fail() -> None:
    assert _checks(HINT)["anchors"].status is CheckStatus.WARNING


def test_an_owner_says_what_fails_what_is_told_and_what_is_only_recorded() -> None:
    """But a page that visitors miss fails whatever is said, and what was not checked does not."""
    says = CheckRules(severities={"anchors": Severity.BLOCK, "links": Severity.WARN, "console": Severity.INFO})
    noise = Finding(check="console", page="index.html", subject="E", text="script error: E")
    unknown = noise.model_copy(update={"check": "accessibility", "weight": Weight.UNKNOWN})
    strict = says.model_copy(update={"severities": {**says.severities, "accessibility": Severity.BLOCK}})
    checks = _checks(LINK, EMPTY, HINT, noise, unknown, rules=strict)
    assert {name: checks[name].status for name in ("anchors", "links", "console", "home page", "accessibility")} == {
        "anchors": CheckStatus.FAILED,
        "links": CheckStatus.WARNING,
        "console": CheckStatus.PASSED,
        "home page": CheckStatus.FAILED,
        "accessibility": CheckStatus.WARNING,
    }
    assert checks["console"].findings == ("index.html: script error: E",)
    old = _checks(HINT, past=(_reference(HINT, failed=False),), rules=says)
    assert old["anchors"].status is CheckStatus.WARNING


def test_what_was_not_checked_says_so() -> None:
    unknown = Finding(check="pages", page="a.html", subject="unseen", text="no report", weight=Weight.UNKNOWN)
    pages = _checks(unknown)["pages"]
    assert (pages.status, pages.findings) == (CheckStatus.WARNING, ("Not checked: a.html: no report",))


def test_findings_are_bounded_and_counted() -> None:
    links = found(page(links=addresses(*(f"/gone{n}.html" for n in range(1_500)))))
    check = _checks(*links)["links"]
    assert (len(check.findings), check.findings[-1], check.count) == (21, "and 1480 more", 1_500)


def test_errors_that_were_cut_off_are_counted() -> None:
    cut = page(console=errors(*(ScriptError(text=f"e{n}") for n in range(50)), total=60))
    assert _checks(*found(cut))["console"].count == 60


def test_a_reader_of_the_record_tells_problems_apart_as_the_checks_do() -> None:
    """Each finding that the checks tell apart is another problem, the same one in the next version's words, too."""
    seen = PageObservation(
        path="a b/index.html",
        text=9,
        links=AddressList(items=("/x", "/y: the link /x"), total=2),
        images=AddressList(items=("/x", "/x.png"), total=2),
        failed=LostRequests(items=(LostRequest(address="/x"), LostRequest(address="/y.js")), total=2),
        console=ScriptErrors(items=(ScriptError(text="a is not defined"), ScriptError(text="b: is bad")), total=2),
    )
    told = [one for one in find({seen.path: seen}, [seen.path], {seen.path: 5000}) if one.check != "home page"]
    assert {one.check for one in told} == {"links", "images", "requests", "console", "content"}
    first, later = (
        problems_of(verdict([DatedFinding(finding=one, since=1, failed=number == 1) for one in told], number))
        for number in (1, 2)
    )
    assert len(first.by_identity) == len(told)
    assert {one.page for one in first.problems} == {seen.path}
    assert first.by_identity.keys() == later.by_identity.keys()
    assert (len(first.failed), later.failed, {one.since for one in later.problems}) == (len(told), frozenset(), {1})
