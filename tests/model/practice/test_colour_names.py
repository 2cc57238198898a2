"""A colour is one that CSS knows, written so that it is safe in a style sheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.model.practice.colour_names import read_colour


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("Light Blue", "lightblue"),
        (" dark-red ", "darkred"),
        ("#F80", "#f80"),
        ("#ff8800cc", "#ff8800cc"),
        ("rgb(1, 2, 3)", "rgb(1, 2, 3)"),
        ("hsl(120deg 50% 50%)", "hsl(120deg 50% 50%)"),
    ],
)
def test_a_colour_is_written_as_css(text: str, colour: str) -> None:
    assert read_colour(text) == colour


@pytest.mark.parametrize("text", ["", "bakery", "#ff", "#ff880", "url(x)", "red;}", "rgb(1,2)", "red url(x)"])
def test_anything_else_is_no_colour(text: str) -> None:
    assert read_colour(text) is None


@given(st.text(max_size=40))
def test_a_colour_is_never_more_than_a_colour(text: str) -> None:
    colour = read_colour(text)
    assert colour is None or not set(colour) & set(';{}:"\\<>\n')
