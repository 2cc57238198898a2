"""What templates are told besides the fields of their contexts."""

from dataclasses import replace

import pytest

from htmx_ui.parts import PublicationStatus
from shared.domain.vocabulary import JobState
from tests.htmx_ui.samples import VERSIONS, publish, site, turn


def public(current: int | None, newest: int | None = 5) -> PublicationStatus:
    return PublicationStatus(current=current, newest=newest, address="http://bakery.test")


def test_the_request_to_watch_is_the_oldest_that_goes_on() -> None:
    turns = (turn(1, "done"), turn(2, "running", JobState.RUNNING), turn(3, "waiting", JobState.QUEUED))
    watched = site(turns=turns).active
    assert watched and watched.message == "running"
    assert site(turns=turns[:1]).active is None


@pytest.mark.parametrize(("newest", "count"), [(None, 0), (5, 5)])
def test_versions_are_counted_by_the_newest_number(newest: int | None, count: int) -> None:
    assert site(publication=public(None, newest)).version_count == count


@pytest.mark.parametrize(
    ("current", "number", "rollback", "steps"),
    [(None, 3, False, 0), (3, 5, False, 2), (5, 3, True, 2), (3, 3, False, 0)],
)
def test_visitors_gain_or_lose_as_many_versions_as_lie_between(
    current: int | None, number: int, rollback: bool, steps: int
) -> None:
    page = replace(publish(VERSIONS[5 - number]), publication=public(current))
    assert (page.rollback, page.steps) == (rollback, steps)
