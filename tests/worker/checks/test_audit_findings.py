"""What an audit finds: for each kind one page that has it and one that has not, and what is no fault of the site."""

import pytest

from daemons.worker.checks.audit import (
    AuditedHeading,
    AuditedPicture,
    Barrier,
    MarkupFault,
    MarkupKind,
    PageAudit,
    WideElement,
)
from daemons.worker.checks.audit_findings import audit_findings, lacking_parts
from daemons.worker.checks.finding import Evidence, Finding, Weight
from daemons.worker.checks.observation import LostRequest
from tests.support.observations import lost, page

BOX = (0, 0, 100, 50)


def audit(**more: object) -> PageAudit:
    """An audit that finds nothing."""
    headings = (heading(1, "Bread"),)
    good = {"language": "en", "has_description": True, "is_for_phones": True, "headings": headings}
    return PageAudit(**(good | more))  # type: ignore[arg-type]


def heading(level: int, text: str) -> AuditedHeading:
    return AuditedHeading(level=level, text=text, selector=f"h{level}", box=BOX)


def picture(**more: object) -> AuditedPicture:
    good = {"address": "/a.png", "selector": "img", "box": BOX, "is_named": True}
    sizes = {"natural": (400, 200), "drawn": (400, 200), "is_stretched": True, "size": 60_000}
    return AuditedPicture(**(good | sizes | more))  # type: ignore[arg-type]


def findings(found: PageAudit, had: frozenset[str] = frozenset(), **seen: object) -> list[Finding]:
    return list(audit_findings(page(**{"title": "Bakery", "audit": found} | seen), had))


def barrier(rule: str) -> PageAudit:
    return audit(barriers=(Barrier(rule=rule, count=3, selector="p", box=BOX),))


def wide(width: int) -> PageAudit:
    return audit(wide=(WideElement(width=width, excess=40, selector="table", box=BOX),))


GOOD: dict[str, PageAudit] = {
    "a good page": audit(),
    "a picture on a fine screen": audit(pictures=(picture(natural=(800, 400)),)),
    "a small file with many pixels": audit(pictures=(picture(natural=(4000, 2000), size=9_000),)),
    "a picture that is cut": audit(pictures=(picture(drawn=(300, 300), is_stretched=False, natural=(600, 300)),)),
    "one of several files": audit(pictures=(picture(natural=(4000, 2000), has_choice=True),)),
    "a drawing": audit(pictures=(picture(address="/a.svg", natural=(150, 150), drawn=(480, 20)),)),
    "a picture that came late": audit(pictures=(picture(natural=(0, 0)),)),
    "a line that is one pixel off": audit(pictures=(picture(drawn=(400, 9), natural=(400, 8)),)),
    "levels that go up at once": audit(headings=(heading(1, "a"), heading(2, "b"), heading(3, "c"), heading(2, "d"))),
}
FAULTY = {
    ("alternative text", "fault"): audit(pictures=(picture(is_named=False),)),
    ("picture quality", "distorted"): audit(pictures=(picture(drawn=(400, 250)),)),
    ("picture quality", "larger than needed"): audit(pictures=(picture(natural=(801, 402)),)),
    ("picture quality", "501 kB"): audit(pictures=(picture(size=501_000),)),
    ("structure", "no language"): audit(language=""),
    ("structure", "no main headline"): audit(headings=(heading(2, "a"),)),
    ("structure", "2 main headlines"): audit(headings=(heading(1, "a"), heading(1, "b"))),
    ("structure", "h3 follows h1"): audit(headings=(heading(1, "a"), heading(3, "b"))),
    ("search engines", "no description"): audit(has_description=False),
    ("accessibility", "too pale"): barrier("color-contrast"),
    ("accessibility", "a rule for people with impairments is broken (odd, 3 times, first at p)"): barrier("odd"),
    ("markup", "an id stands twice: links lead to the first only (line 7: team)"): audit(
        markup=(MarkupFault(kind=MarkupKind.TWICE, name="team", line=7),)
    ),
    ("weight", "3,001 kB"): audit(size=3_001_000),
    ("width", "fault"): wide(390),
    ("narrow screens", "table sticks out by 40"): wide(320),
}


@pytest.mark.parametrize("found", GOOD.values(), ids=GOOD.keys())
def test_a_page_without_a_fault_has_no_finding(found: PageAudit) -> None:
    assert findings(found) == []


@pytest.mark.parametrize(("named", "found"), FAULTY.items(), ids=map(str, FAULTY))
def test_each_fault_is_one_finding_and_only_what_visitors_miss_fails(named: tuple[str, str], found: PageAudit) -> None:
    check, words = named
    (one,) = findings(found)
    assert one.check == check
    assert one.weight is (Weight.FAULT if words == "fault" else Weight.HINT)
    assert words == "fault" or words in one.text


def test_a_finding_tells_where_it_is_seen() -> None:
    (one,) = findings(audit(pictures=(picture(is_named=False, selector="#team"),)))
    assert one.evidence == Evidence(selector="#team", box=BOX)


def test_a_part_that_is_gone_fails_and_one_that_never_was_is_a_hint() -> None:
    bare = audit(language="")
    assert [(one.check, one.subject, one.weight) for one in findings(bare, frozenset(("language",)), title="")] == [
        ("content", "language", Weight.FAULT),
        ("structure", "title", Weight.HINT),
    ]
    assert lacking_parts(page(title="", audit=bare)) == {"title", "language"}


def test_a_page_drawn_by_another_host_is_not_called_too_wide() -> None:
    style = lost(LostRequest(address="https://cdn.example/a.css", kind="stylesheet"))
    assert findings(wide(390), blocked=style) == []
    assert len(findings(wide(390), blocked=lost(LostRequest(address="https://x.example/a.png", kind="image")))) == 1


def test_what_could_not_be_audited_is_not_judged() -> None:
    for audited in (PageAudit(unread="Oops"), audit(barriers=None)):
        (one,) = findings(audited)
        assert one.weight is Weight.UNKNOWN
    assert findings(PageAudit(), error="the page did not load") == []
    assert list(audit_findings(page(), frozenset(("title",)))) == []
