"""Addresses that a page names: for each kind one that leads nowhere and one that leads to a file."""

import pytest

from daemons.worker.checks.audit import NamedTarget, PageAudit, TargetKind
from daemons.worker.checks.link_targets import LinkTargets
from daemons.worker.checks.observation import LostRequest
from daemons.worker.checks.target_findings import target_findings
from tests.support.observations import FILES, lost, page

GET, POST, CANONICAL, PICTURE = TargetKind


def _found(*targets: tuple[TargetKind, str], **seen: object) -> list[tuple[str, str]]:
    named = tuple(NamedTarget(kind=kind, address=address) for kind, address in targets)
    looked = page(audit=PageAudit(targets=named), **seen)
    return [(one.check, one.text) for one in target_findings(looked, LinkTargets({}, FILES))]


@pytest.mark.parametrize(
    "targets",
    [
        [(GET, "/about.html")],
        [(POST, "https://forms.example/send")],
        [(GET, "https://search.example/?q=")],
        [(CANONICAL, "/about.html")],
        [(CANONICAL, "https://bakery.example/about")],
        [(PICTURE, "/img/a%20b.png")],
        [(CANONICAL, "https://bakery.example"), (PICTURE, "https://bakery.example/img/a%20b.png")],
        [(PICTURE, "https://pictures.example/card.png")],
    ],
)
def test_what_leads_somewhere_is_no_fault(targets: list[tuple[TargetKind, str]]) -> None:
    assert _found(*targets) == []


@pytest.mark.parametrize(
    ("targets", "check", "words"),
    [
        ([(GET, "/gone")], "forms", "the form leads to /gone, which is missing"),
        ([(POST, "/about.html")], "forms", "the form sends to /about.html: on a site of files nobody receives it"),
        ([(CANONICAL, "https://bakery.example/gone")], "search engines", "search engines are sent to"),
        ([(PICTURE, "/card.png")], "search engines", "the picture /card.png for social networks is missing"),
        ([(CANONICAL, "https://b.example/"), (PICTURE, "https://b.example/c.png")], "search engines", "the picture"),
        ([(CANONICAL, "https://[")], "search engines", "search engines are sent to"),
    ],
)
def test_what_leads_nowhere_is_told(targets: list[tuple[TargetKind, str]], check: str, words: str) -> None:
    ((named, text),) = _found(*targets)
    assert named == check
    assert text.startswith(words)


def test_what_is_loaded_without_encryption_is_told_once() -> None:
    plain, safe = LostRequest(address="http://a.example/a.js"), LostRequest(address="https://a.example/a.js")
    assert _found(blocked=lost(plain, plain, safe)) == [
        ("mixed content", "http://a.example/a.js is loaded without encryption: browsers refuse that")
    ]
