"""What templates are told besides the fields of their contexts."""

from dataclasses import replace

import pytest

from htmx_ui.parts import Notice
from htmx_ui.publication_parts import PublicationStatus
from shared.domain.vocabulary import JobState
from tests.htmx_ui.samples import NEW_PROBLEMS, VERSIONS, publish, site, turn


def public(current: int | None, newest: int | None = 5) -> PublicationStatus:
    return PublicationStatus(current=current, newest=newest, address="http://bakery.test")


def test_the_request_to_watch_is_the_oldest_that_goes_on() -> None:
    turns = (turn(1, "done"), turn(2, "running", JobState.RUNNING), turn(3, "waiting", JobState.QUEUED))
    watched = site(turns=turns).active
    assert watched and watched.message == "running"
    assert site(turns=turns[:1]).active is None


def test_what_waits_is_named_and_the_first_that_is_shown_is_the_oldest() -> None:
    """Whatever their order: somebody may have moved one."""
    begun, first, second = (turn(number, "x", JobState.QUEUED, waits=number > 1) for number in (1, 3, 2))
    page = site(turns=(begun, first, second))
    assert (page.waiting, page.since) == ((first.job, second.job), begun.job)
    assert site(turns=(first, second)).since == second.job


@pytest.mark.parametrize(("newest", "count"), [(None, 0), (5, 5)])
def test_versions_are_counted_by_the_newest_number(newest: int | None, count: int) -> None:
    assert site(publication=public(None, newest)).version_count == count


@pytest.mark.parametrize(
    ("current", "number", "rollback", "newer"),
    [(None, 3, False, 5), (3, 5, False, None), (5, 3, True, 5), (3, 3, False, 5)],
)
def test_who_publishes_is_told_of_rollbacks_and_of_newer_versions(
    current: int | None, number: int, rollback: bool, newer: int | None
) -> None:
    page = replace(publish(VERSIONS[5 - number]), publication=public(current))
    assert (page.rollback, page.newer) == (rollback, newer)


def test_only_what_is_new_for_visitors_must_be_accepted() -> None:
    """And what a storage of the release before has refused, which knows only which checks failed."""
    known = publish(VERSIONS[1])
    assert VERSIONS[1].failed_checks
    refused = replace(known, error=Notice("Version 4 failed these checks: links.", bad=True))
    new = replace(known, problems=NEW_PROBLEMS)
    homeless = replace(known, visitors_see="Visitors will see an empty page.")
    assert [page.must_accept for page in (known, new, homeless, refused)] == [False, True, True, True]
