"""The way from one version to another is told as far as it is known, whatever the versions were made from."""

import pytest

from daemons.api.sites.version_steps import VersionSteps, steps_between
from shared.domain.manifest import Manifest
from tests.support.manifests import version_of

# Version 6 is a copy of version 3.
KNOWN = {number: version_of(number, parent=3 if number == 6 else None) for number in range(1, 8)}


def numbers(steps: VersionSteps) -> tuple[list[int], list[int]]:
    return [one.number for one in steps.gained], [one.number for one in steps.lost]


@pytest.mark.parametrize(
    ("before", "after", "gained", "lost"),
    [
        (4, 5, [5], []),
        (2, 5, [5, 4, 3], []),
        (5, 3, [], [5, 4]),
        (5, 7, [7, 6], [5, 4]),
        (2, 6, [6, 3], []),
        (3, 3, [], []),
    ],
)
def test_both_ends_go_back_to_where_they_come_from(before: int, after: int, gained: list[int], lost: list[int]) -> None:
    steps = steps_between(KNOWN, before, after)
    assert (numbers(steps), steps.unread_from, steps.unread_to) == ((gained, lost), 0, 0)


def test_what_is_not_known_is_named_by_its_numbers() -> None:
    steps = steps_between(_without(4), 2, 5)
    assert (numbers(steps), steps.unread_from, steps.unread_to) == (([5], []), 3, 4)
    steps = steps_between(_without(1, 2), 7, 1)
    assert (numbers(steps), steps.unread_from, steps.unread_to) == (([], [7, 6, 3]), 2, 2)


def test_two_sites_in_one_have_nothing_in_common() -> None:
    """An import that took the place of what was there has no parent."""
    apart = {1: version_of(1), 2: version_of(2).model_copy(update={"parent": None})}
    assert numbers(steps_between(apart, 1, 2)) == ([2], [1])


def _without(*missing: int) -> dict[int, Manifest]:
    return {number: one for number, one in KNOWN.items() if number not in missing}
