"""The versions that people look at: a bounded number, for a while, told no more often than helps."""

import pytest

from daemons.storage.wishes import KEPT_SECONDS, MOST, MOST_OF_SITE, Wishes
from shared.domain.errors import TooMany


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def versions(wishes: Wishes, site: str = "bakery") -> list[int]:
    return [one.version for one in wishes.of(site)]


def test_a_wish_lasts_some_minutes_after_the_last_look() -> None:
    clock = Clock()
    wishes = Wishes(clock)
    assert wishes.wish("bakery", 3, is_missing=True)
    assert not wishes.wish("bakery", 3, is_missing=False), "deployers know"
    clock.now += KEPT_SECONDS / 2 + 1
    assert wishes.wish("bakery", 3, is_missing=False)
    clock.now += KEPT_SECONDS - 1
    assert [(one.version, one.seconds) for one in wishes.of("bakery")] == [(3, 1)]
    clock.now += 2
    assert versions(wishes) == []


def test_what_is_missing_is_told_again_but_not_without_end() -> None:
    clock = Clock()
    wishes = Wishes(clock)
    told = []
    for _ in range(40):
        told.append(wishes.wish("bakery", 3, is_missing=True))
        clock.now += 0.1
    assert 3 <= sum(told) <= 5


def test_of_a_site_those_stay_that_were_looked_at_last() -> None:
    clock = Clock()
    wishes = Wishes(clock)
    for number in range(1, MOST_OF_SITE + 3):
        wishes.wish("bakery", number, is_missing=False)
        clock.now += 1
    assert versions(wishes) == list(range(3, MOST_OF_SITE + 3))


def test_there_is_an_end_to_all_and_what_is_looked_at_stays() -> None:
    wishes = Wishes(Clock())
    for number in range(MOST):
        wishes.wish(f"s{number}", 1, is_missing=False)
    with pytest.raises(TooMany):
        wishes.wish("one-more", 1, is_missing=False)
    assert not wishes.wish("s0", 1, is_missing=False)
    assert len(wishes.all()) == MOST
