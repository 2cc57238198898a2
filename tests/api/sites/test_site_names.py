"""An address for every title, and others for one that is taken."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.api.sites.site_names import name_from, other_names
from shared.domain.vocabulary import SITE_NAME_PATTERN


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Mira’s Bakery", "miras-bakery"),
        ("Bücher & Müller", "buecher-mueller"),
        ("Łódź", "lodz"),
        ("パン屋", "panwu"),
        ("Анна, адвокат", "anna-advokat"),
        ("  --Shop-- ", "shop"),
        ("!!!", "site"),
        ("A society for the protection of small birds", "a-society-for-the-protection-of-small"),
        ("x" * 120, "x" * 40),
    ],
)
def test_every_title_has_an_address(title: str, name: str) -> None:
    assert name_from(title) == name


@given(st.text(max_size=130), st.emails())
def test_whatever_the_title_is_an_address_is_one(title: str, owner: str) -> None:
    name = name_from(title)
    for one in (name, *other_names(name, owner)):
        assert re.fullmatch(SITE_NAME_PATTERN, one), one
        assert len(one) <= 40


def test_others_are_the_owners_and_numbered_ones() -> None:
    assert other_names("bakery", "mira@example.org")[:3] == ["bakery-mira", "bakery-2", "bakery-3"]
    assert other_names("miras-bakery", "Mira.Jäger@example.org")[0] == "miras-bakery-mira-jaeger"
    assert other_names("mira-bakery", "mira@example.org")[0] == "mira-bakery-2"
    assert other_names("x" * 40, "mira@example.org")[1] == "x" * 38 + "-2"
