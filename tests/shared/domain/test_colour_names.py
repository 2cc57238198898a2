"""Colours have the names that people give them."""

import pytest

from shared.domain.colour_names import colour_name, sample, sample_of


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


def test_samples_are_hexadecimal_whatever_a_page_says() -> None:
    assert sample("rgb(255, 248, 225)") == "#fff8e1"
    assert sample("rgb(999, 0, 1)") == "#ff0001"
    for value in ("rgba(0, 0, 0, 0.5)", "rgba(0, 0, 0, 0)", 'red" onload="x', "", "linear-gradient(red, blue)"):
        assert sample(value) == ""
    assert (sample_of("cream"), sample_of("a pattern")) == ("#fff8e1", "")
