"""A site's newest record tells where visitors find it, and what else leads there, whatever way it went."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import Conflict
from shared.domain.site_address import (
    MOST_FORMER,
    AddressMove,
    FormerAddress,
    SiteAddress,
    address_of,
    follows,
    next_address,
)

START = datetime(2030, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def move(newest: SiteAddress | None, to: str, days: int | None = None, at: int = 0) -> SiteAddress:
    """The site `a` moves on a day, and the address before leads there for some days."""
    now = START + at * DAY
    until = None if days is None else now + days * DAY
    asked = AddressMove(address=to, forward_until=until, by="ana", expected=address_of("a", newest))
    return next_address(newest, "a", asked, now)


def labels(record: SiteAddress, at: int = 0) -> list[str]:
    return [one.label for one in record.leading(START + at * DAY)]


def test_the_address_that_is_left_leads_to_the_new_one_for_the_chosen_time() -> None:
    record = move(None, "b", days=30)
    assert (record.number, record.site, record.address, record.by) == (1, "a", "b", "ana")
    assert record.former == (FormerAddress(label="a", until=START + 30 * DAY),)
    assert (labels(record, 29), labels(record, 30)) == (["a"], [])
    assert labels(move(None, "b"), 99_999) == ["a"], "without an end"


def test_a_chain_leads_from_all_to_the_last() -> None:
    record = move(move(None, "b", days=30), "c", days=90, at=10)
    assert (record.number, record.address, labels(record, 11)) == (2, "c", ["a", "b"])
    assert labels(record, 31) == ["b"]
    later = move(record, "d", days=30, at=31)
    assert [one.label for one in later.former] == ["b", "c"], "what leads nowhere any more falls out"


def test_going_back_takes_the_address_off_the_list() -> None:
    record = move(move(None, "b"), "a", days=30)
    assert (record.address, labels(record)) == ("a", ["b"])
    assert list(record.labels(START)) == ["a", "a", "b"]


def test_an_address_that_shall_not_lead_on_is_left_out_at_once() -> None:
    assert move(None, "b", days=0).former == ()


def test_there_is_an_end_to_the_addresses_of_one_site() -> None:
    record = None
    for number in range(MOST_FORMER):
        record = move(record, f"b{number}")
    assert record
    with pytest.raises(Conflict, match="50 earlier addresses already lead"):
        move(record, "one-more")
    assert move(record, "a").address == "a", "going back is no new one"


STEPS = st.lists(st.tuples(st.sampled_from("abcd"), st.none() | st.integers(0, 9), st.integers(0, 9)), max_size=12)


@given(STEPS)
def test_whatever_the_way_each_label_has_one_meaning(
    steps: list[tuple[str, int | None, int]],
) -> None:
    """By a model of it that remembers, label by label, how long each leads."""
    newest: SiteAddress | None = None
    lasts: dict[str, int | None] = {}
    day = 0
    for to, days, pause in steps:
        day += pause
        left = address_of("a", newest)
        if to == left:
            continue
        record = move(newest, to, days, at=day)
        lasts[left] = None if days is None else day + days
        lasts.pop(to, None)
        expected = {label for label, end in lasts.items() if end is None or end > day}
        assert (record.address, {one.label for one in record.former}) == (to, expected)
        assert len(record.former) == len(expected)
        assert follows(SiteAddress.model_validate_json(record.model_dump_json()), newest, "a")
        assert not follows(record.model_copy(update={"address": left}), newest, "a")
        newest = record


def test_what_no_move_makes_does_not_follow() -> None:
    first = move(None, "b", days=30)
    second = move(first, "c", days=30, at=1)
    assert follows(second, first, "a")
    assert not follows(second, None, "a")
    assert not follows(second.model_copy(update={"former": second.former[1:]}), first, "a"), "it forgot a redirect"
    assert not follows(first, None, "other")
