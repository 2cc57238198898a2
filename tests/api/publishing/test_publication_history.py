"""A publication can be undone for ten minutes, and what was taken back is not offered again."""

from datetime import UTC, datetime, timedelta

import pytest

from daemons.api.publishing.publication_history import is_withdrawn, taken_down, undoable
from shared.domain.vocabulary import Deployment, Slot

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def published(*versions: int | None, minutes: float = 1) -> list[Deployment]:
    """These publications, newest first; the newest was so many minutes ago."""
    return [
        Deployment(
            number=100 - index, site="bakery", slot=Slot.CURRENT, version=version, by="ana",
            at=NOW - timedelta(minutes=minutes + index),
        )
        for index, version in enumerate(versions)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("versions", "minutes", "before"),
    [
        ((8, 6), 9.9, 6),
        ((8, 6), 10, None),
        ((6, 8), 1, None),
        ((8, 6, 8), 1, 6),
        ((1,), 1, None),
        ((None, 6), 9.9, 6),
        ((None, 6), 10, None),
        ((6, None, 6), 1, None),
        ((), 1, None),
    ],
)
def test_a_newer_version_can_be_taken_back_for_ten_minutes(
    versions: tuple[int | None, ...], minutes: float, before: int | None
) -> None:
    assert undoable(published(*versions, minutes=minutes), NOW) == before


@pytest.mark.parametrize(
    ("versions", "latest", "withdrawn"),
    [
        ((6, 8), 8, True),
        ((5, 6, 8), 8, True),
        ((7, 6, 8), 8, True),
        ((6, 8), 9, False),
        ((8, 6), 8, False),
        ((6,), 8, False),
        ((None, 6), 8, False),
        ((6, None, 8), 8, True),
        ((), 1, False),
        ((), None, False),
    ],
)
def test_what_was_taken_back_waits_until_there_is_something_newer(
    versions: tuple[int | None, ...], latest: int | None, *, withdrawn: bool
) -> None:
    assert is_withdrawn(published(*versions), latest) == withdrawn


@pytest.mark.parametrize(("versions", "number"), [((None, 6, 8), 6), ((6, None, 8), None), ((6,), None), ((), None)])
def test_what_visitors_saw_until_it_was_taken_down(versions: tuple[int | None, ...], number: int | None) -> None:
    assert taken_down(published(*versions)) == number
