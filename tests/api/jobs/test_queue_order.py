"""The order of a site's jobs: who may move where, and that a move is a permutation of turns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.api.jobs.queue_order import moved, turns
from shared.domain.errors import Conflict, InvalidInput


@pytest.mark.parametrize(
    ("job", "before", "order"),
    [("c", "a", "cab"), ("a", "c", "bac"), ("a", None, "bca"), ("b", "b", "abc"), ("b", "c", "abc")],
)
def test_a_job_goes_before_another_or_last(job: str, before: str | None, order: str) -> None:
    assert moved("abc", job, before, ()) == list(order)


def test_what_has_begun_keeps_its_place() -> None:
    assert moved("abc", "c", "b", {"a"}) == list("acb")
    with pytest.raises(Conflict, match="can’t go there"):
        moved("abc", "c", "a", {"a"})
    with pytest.raises(Conflict, match="can’t go there"):
        moved("abc", "a", None, {"b"})
    for job in ("a", "x"):
        with pytest.raises(Conflict, match="has begun"):
            moved("abc", job, None, {"a"})
    with pytest.raises(InvalidInput, match="no such request"):
        moved("abc", "b", "x", {"a"})


@given(st.permutations("abcde"), st.permutations("abcde"))
def test_turns_are_dealt_out_anew_and_none_is_lost(order: list[str], wanted: list[str]) -> None:
    turn = {job: f"{place}" for place, job in enumerate(order)}
    after = turn | turns(order, wanted, turn)
    assert sorted(after, key=lambda job: after[job]) == wanted
    assert sorted(after.values()) == sorted(turn.values())
    assert turns(order, order, turn) == {}
