"""What is public is said only of what was seen."""

from datetime import UTC, datetime

import pytest

from htmx_ui.publication_parts import PublicationStatus, TakenDown


@pytest.mark.parametrize(
    ("current", "newest", "late", "up_to_date"),
    [
        (5, 5, "", True),
        (5, 5, "Its disk is full.", False),
        (3, 5, "", False),
        (None, 5, "", False),
        (None, None, "", False),
    ],
)
def test_up_to_date_is_what_was_seen_to_be_the_newest(
    current: int | None, newest: int | None, late: str, up_to_date: bool
) -> None:
    assert PublicationStatus(current=current, newest=newest, address="", late=late).up_to_date is up_to_date


@pytest.mark.parametrize(("version", "newest", "is_newest"), [(5, 5, True), (4, 5, False), (None, 5, False)])
def test_what_was_taken_down_is_offered_once(version: int | None, newest: int, *, is_newest: bool) -> None:
    down = TakenDown(version, datetime.now(UTC)) if version else None
    assert PublicationStatus(None, newest, "", taken_down=down).is_newest_down is is_newest
