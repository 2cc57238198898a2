"""Colours have the names that people give them."""

import pytest

from shared.domain.colour_names import colour_name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("rgb(255, 255, 255)", "white"),
        ("rgb(251, 246, 238)", "cream"),
        ("rgb(144, 238, 144)", "light green"),
        ("rgb(173, 216, 230)", "light blue"),
        ("rgb(0, 0, 128)", "dark blue"),
        ("rgb(200, 0, 10)", "red"),
        ("rgb(44, 32, 24)", "dark brown"),
        ("rgba(0, 0, 0, 0.5)", "black"),
        ("rgba(0, 0, 0, 0)", "transparent"),
        ("linear-gradient(red, blue)", "a pattern"),
        ("", ""),
    ],
)
def test_a_colour_is_named(value: str, name: str) -> None:
    assert colour_name(value) == name
