"""What is asked before a version is shown to visitors."""

from dataclasses import replace

import pytest

from htmx_ui.change_parts import ToldChanges
from htmx_ui.parts import Notice
from htmx_ui.publication_parts import PublicationStatus, ToldPublication
from shared.domain.problem_changes import ProblemChanges
from tests.htmx_ui.samples import NEW_PROBLEMS, TOLD, VERSIONS, problem, publish


@pytest.mark.parametrize(
    ("current", "number", "rollback", "newer"),
    [(None, 3, False, 5), (3, 5, False, None), (5, 3, True, 5), (3, 3, False, 5)],
)
def test_who_publishes_is_told_of_rollbacks_and_of_newer_versions(
    current: int | None, number: int, rollback: bool, newer: int | None
) -> None:
    page = publish(VERSIONS[5 - number], publication=PublicationStatus(current, 5, "http://bakery.test"))
    assert (page.rollback, page.newer) == (rollback, newer)


def test_only_what_is_new_for_visitors_must_be_accepted() -> None:
    """And what a storage of the release before has refused, which knows only which checks failed."""
    known = publish(VERSIONS[1])
    assert VERSIONS[1].failed_checks
    refused = replace(known, error=Notice("Version 4 failed these checks: links.", bad=True))
    new = replace(known, problems=NEW_PROBLEMS)
    homeless = replace(known, visitors_see="Visitors will see an empty page.")
    assert [page.must_accept for page in (known, new, homeless, refused)] == [False, True, True, True]


def test_what_nobody_asked_for_is_told_once_and_must_be_accepted() -> None:
    unasked = problem("/other.html").model_copy(update={"check": "unasked"})
    page = publish(VERSIONS[1], problems=ProblemChanges(against=3, new=(unasked, problem("/menu.html"))))
    assert page.other_problems == page.problems, "nothing tells it apart"
    apart = replace(page, told=ToldPublication(unasked=replace(TOLD, named=())))
    assert apart.other_problems.new == (problem("/menu.html"),)
    assert apart.must_accept
    assert replace(page, told=ToldPublication(unasked=ToldChanges())).other_problems == page.problems
