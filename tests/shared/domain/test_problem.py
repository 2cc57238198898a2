"""Findings as problems: the same sentence, and one that differs in counts and positions only, is the same problem."""

import pytest

from shared.domain.manifest import Check, CheckStatus
from shared.domain.problem import notes_of, problems_of, without_since


def check(name: str, *findings: str, status: CheckStatus = CheckStatus.FAILED) -> Check:
    return Check(name=name, status=status, findings=findings)


@pytest.mark.parametrize(
    ("name", "finding", "identity"),
    [
        ("links", "a b.html: the link /gone: the.html leads nowhere", ("a b.html", "link", "/gone: the.html")),
        ("images", "index.html: the image /x.png leads nowhere", ("index.html", "image", "/x.png")),
        ("anchors", "a.html: the link /b.html#c leads to a page without this place", ("a.html", "link", "/b.html#c")),
        ("requests", "a.html: /app.js could not be loaded", ("a.html", "", "/app.js")),
        (
            "alternative text",
            "a.html: the picture /b.png has no description: people get nothing",
            ("a.html", "picture", "/b.png"),
        ),
        ("width", "a.html: the page is wider than a screen of 390 pixels: p sticks out by 9", ("a.html", "page", "")),
        ("pages", "a.html: it did not load", ("a.html", "", "it did not load")),
    ],
)
def test_a_finding_tells_its_page_element_and_address(name: str, finding: str, identity: tuple[str, ...]) -> None:
    (problem,) = problems_of([check(name, finding)]).problems
    assert problem.identity == (name, *identity)
    (again,) = problems_of([check(name, f"already in version 12: {finding}")]).problems
    assert (again.identity, again.text, again.since) == (problem.identity, finding, 12)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (
            "content",
            "index.html: nearly all of its text is gone: 3 of 4,120 characters are left",
            "index.html: nearly all of its text is gone: 9 of 4,120 characters are left",
        ),
        ("console", "index.html: Oops (/app.js:12:7)", "index.html: Oops (/app.js:14:3)"),
        ("console", "index.html: Unexpected token at position 3", "index.html: Unexpected token at position 99"),
    ],
)
def test_counts_and_positions_are_in_no_identity(name: str, before: str, after: str) -> None:
    old, new = (problems_of([check(name, finding)]).problems[0] for finding in (before, after))
    assert old.identity == new.identity


def test_other_errors_of_a_page_are_other_problems() -> None:
    found = problems_of([check("console", "index.html: a is 1", "index.html: a is 2", "other.html: a is 1")])
    assert len(found.by_identity) == 3


def test_what_failed_is_told_from_what_was_there_and_what_was_not_looked_at() -> None:
    found = problems_of(
        [
            check(
                "links",
                "index.html: the link /new leads nowhere",
                "already in version 1: index.html: the link /old leads nowhere",
                "Not checked: about.html: 5 more links",
                "and 16 more",
            ),
            check("home page", "still as in version 2: index.html: the home page is empty: visitors see nothing"),
            check(
                "anchors", "a.html: the link /b.html#c leads to a page without this place", status=CheckStatus.WARNING
            ),
            check("coverage", "3 of 5 pages were looked at", status=CheckStatus.WARNING),
        ]
    )
    assert [(one.page, one.address, one.identity in found.failed) for one in found.problems] == [
        ("index.html", "/new", True),
        ("index.html", "/old", False),
        ("index.html", "the home page is empty: visitors see nothing", True),
    ]
    assert (found.unlisted, found.unseen, found.is_partial) == ({"links": 16, "home page": 0}, {"about.html"}, True)


def test_advice_and_what_was_not_looked_at_are_notes() -> None:
    place = check(
        "anchors", "a.html: the link /b.html#c leads to a page without this place", status=CheckStatus.WARNING
    )
    links = check("links", "index.html: the link /new leads nowhere", "Not checked: about.html: 5 more links")
    unseen = check("links", "Not checked: about.html: 5 more links", status=CheckStatus.WARNING)
    assert notes_of([place, links, check("images"), check("pages", status=CheckStatus.PASSED)]) == (place, unseen)


def test_a_check_that_failed_without_a_word_is_a_problem_itself() -> None:
    (problem,) = problems_of([check("links")]).problems
    assert problem.text == "The check links failed."
    assert problems_of([check("links", status=CheckStatus.PASSED)]).problems == ()


def test_a_finding_without_the_version_that_had_it_first() -> None:
    assert without_since("still as in version 2: index.html: gone") == "index.html: gone"
    assert without_since("index.html: already in version 2: gone") == "index.html: already in version 2: gone"
