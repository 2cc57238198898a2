"""Cards of sites under the headings of their groups."""

from dataclasses import replace

from htmx_ui.site_list_parts import EVERY_SITE, SiteFilter, sections
from tests.htmx_ui.samples import SITES


def test_groups_come_as_their_first_sites_do_and_what_is_in_none_comes_last() -> None:
    cards = [replace(SITES[0], name=name, group=group) for name, group in ("a ", "bZ", "cA", "dZ", "e ")]
    cards = [replace(card, group=card.group.strip()) for card in cards]
    assert [(one.group, "".join(card.name for card in one.sites)) for one in sections(cards)] == [
        ("Z", "bd"),
        ("A", "c"),
        ("", "ae"),
    ]
    assert sections(()) == ()


def test_a_filter_is_on_if_it_may_leave_sites_out() -> None:
    assert [one.is_on for one in (EVERY_SITE, SiteFilter(show=200), SiteFilter("a"), SiteFilter(waiting=True))] == [
        False,
        False,
        True,
        True,
    ]
