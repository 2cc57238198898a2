"""Which attributes of a drawing can only shape it."""

import pytest

from daemons.worker.checks.svg_attributes import is_harmless, is_path, is_style


@pytest.mark.parametrize("data", ["", "M0 0", "m1,2 3-4z", "M0 0a1 1 0 011.5.5", "M0 0h1v1H0z"])
def test_the_data_of_a_path_is_known(data: str) -> None:
    assert is_path(data)


@pytest.mark.parametrize("data", ["L1 1", "M", "M1", "M0 0 x", "M0 0a1 1 0 211 1", "M0,,0"])
def test_what_browsers_complain_about_is_no_path(data: str) -> None:
    assert not is_path(data)


@pytest.mark.parametrize(
    ("name", "value", "harmless"),
    [
        ("width", "2.5px", True),
        ("width", "-1", False),
        ("viewBox", "0 0 5 5", True),
        ("viewBox", "0 0 -5 5", False),
        ("points", "0,0 1.5.5", True),
        ("points", "0,0 1", False),
        ("transform", "rotate(45)", True),
        ("transform", "rotate(4 5)", False),
        ("aria-label", "Logo", True),
        ("onload", "x()", False),
        ("fill", "url(#a)", True),
        ("fill", "url(https://x.invalid/a)", False),
    ],
)
def test_each_attribute_has_a_rule_or_is_refused(name: str, value: str, harmless: bool) -> None:
    assert is_harmless(name, value, refers=True) is harmless


def test_a_style_refers_only_where_it_may() -> None:
    assert is_style("fill:url(#a)", refers=True)
    assert not is_style("fill:url(#a)", refers=False)
    assert not is_style("fill:u\\72l(x)", refers=True)
