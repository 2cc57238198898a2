"""Lists in pages: what may be asked for, and whether there is more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from daemons.api.database.paging import Before, Cursor, page_of


@given(st.lists(st.integers(0, 10**6), unique=True, max_size=30).map(sorted), st.integers(1, 10))
def test_pages_have_everything_once_and_in_order(rows: list[int], limit: int) -> None:
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        behind = [row for row in rows if cursor == "" or row > int(cursor)]
        page = page_of(behind[: limit + 1], limit, str)
        assert len(page.items) <= limit
        seen += page.items
        cursor = page.next
    assert seen == rows


@pytest.mark.parametrize(
    "asked", [{"limit": 0}, {"limit": 101}, {"cursor": "\0"}, {"cursor": "a" * 65}, {"cursors": "a"}]
)
def test_a_cursor_that_can_not_be_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Cursor.model_validate(asked)


def test_a_query_comes_as_text() -> None:
    assert Cursor.model_validate({"limit": "7", "cursor": "bakery-2"}).limit == 7
    assert Before.model_validate({"before": "3"}).before == 3
    for before in ("0", "-1", str(2**53)):
        with pytest.raises(ValidationError):
            Before.model_validate({"before": before})
