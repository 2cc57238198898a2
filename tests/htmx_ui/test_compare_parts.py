"""What is chosen in the compare view is in its address, and pictures are laid over each other only if there are two."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from tests.htmx_ui.samples import COMPARED


def test_another_choice_keeps_the_rest() -> None:
    address = urlsplit(replace(COMPARED, page="a&b.html").address(view="side", earlier=1))
    assert address.path == "/sites/miras-bakery/compare"
    assert parse_qs(address.query) == {
        "earlier": ["1"], "later": ["5"], "page": ["a&b.html"], "width": ["desktop"], "view": ["side"],
    }  # fmt: skip


def test_one_picture_has_nothing_to_be_laid_over() -> None:
    lost = replace(COMPARED.earlier, picture=None)
    assert COMPARED.has_both
    assert not replace(COMPARED, earlier=lost).has_both
    assert not replace(COMPARED, later=lost).has_both
