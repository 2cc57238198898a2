"""What templates are told besides the fields of their contexts."""

import pytest

from htmx_ui.publication_parts import PublicationStatus
from shared.domain.vocabulary import JobState
from tests.htmx_ui.samples import site, turn


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
